using UsageBilling.Interfaces.Desk;

namespace UsageBilling.Grains.Desk;

/// <summary>What a ticket is opened with, by the settings that hold.</summary>
public static class TicketChoice
{
    /// <summary>Whether alerts of a severity make tickets at all.</summary>
    public static bool MakesTicket(IReadOnlyList<EffectiveSetting> settings, AlertSeverity severity) => Choice(settings, DeskField.Priority(severity)).Synced;

    /// <summary>The terms of a ticket; null when the settings name no account.</summary>
    public static TicketTerms? Terms(IReadOnlyList<EffectiveSetting> settings, AlertSeverity severity) => Value(settings, DeskField.Account) is { } account
        ? new(
            account, Value(settings, DeskField.Location), Value(settings, DeskField.Queue), Value(settings, DeskField.Status), Value(settings, DeskField.TicketType),
            Value(settings, DeskField.Source), Value(settings, DeskField.Priority(severity)), Value(settings, DeskField.IssueType))
        : null;

    /// <summary>The status of a ticket whose alert is over; null when none is set.</summary>
    public static string? CloseStatus(IReadOnlyList<EffectiveSetting> settings) => Value(settings, DeskField.CloseStatus);

    private static string? Value(IReadOnlyList<EffectiveSetting> settings, DeskField field) => Choice(settings, field).Value;

    private static DeskChoice Choice(IReadOnlyList<EffectiveSetting> settings, DeskField field) => settings.FirstOrDefault(setting => setting.Field == field)?.Choice ?? DeskChoice.LeftToPsa;
}
