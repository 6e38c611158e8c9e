using System.Globalization;
using UsageBilling.Connectors;

namespace UsageBilling.Silo.Commands;

/// <summary>What is set for BMS and Vorex: the hub's share of their calls, and the names and numbers that their vendor does not document.</summary>
internal static class BmsSettings
{
    public static (ConnectorOptions Connectors, string? Objection) Read(Func<string, string?> setting)
    {
        var unset = new ConnectorOptions();
        var (share, objection) = StartSilo.Share("UsageBilling__BmsSharePercent", setting("BmsSharePercent"));
        var noteType = setting("BmsNoteType") ?? "0";
        if (!int.TryParse(noteType, NumberStyles.None, CultureInfo.InvariantCulture, out var type))
            objection ??= $"UsageBilling__BmsNoteType is a whole number from 0, not '{noteType}'.";
        return (unset with
        {
            BmsSharePercent = share ?? unset.BmsSharePercent,
            BmsTicketTypes = Given(setting("BmsTicketTypes")) ?? unset.BmsTicketTypes,
            BmsTicketSources = Given(setting("BmsTicketSources")) ?? unset.BmsTicketSources,
            BmsNoteType = type,
        }, objection);
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
