using System.Globalization;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Checks;

/// <summary>What is true besides once everybody has behaved for some nights: nothing is on its way, and whatever needs a person says why.</summary>
internal static class Quiet
{
    public static IEnumerable<Breach> Breaches(Database database, DateTimeOffset at)
    {
        foreach (var message in database.Messages.Values.Where(message => message.DueAt <= at || message.ParkedReason is not null))
            yield return Of($"message to line {message.Key.Line}", $"is left from {message.Key.Night:yyyy-MM-dd}: {message.ParkedReason}");
        foreach (var intent in database.Intents.Where(intent => intent.IsLive))
            yield return Of($"intent {intent.Id}", $"is still {intent.State}: {intent.Code}");
        foreach (var intent in database.Intents.Where(intent => intent.State is "parked" or "rejected" && intent.Code is null))
            yield return Of($"intent {intent.Id}", $"is {intent.State} and does not say why");
        foreach (var reminder in database.Reminders.Values.Where(reminder => reminder.ParkedReason is not null || reminder.DueAt <= at))
            yield return Of($"reminder of {reminder.Key.Kind} {reminder.Key.Grain}", $"{reminder.Key.Name} is left: {reminder.ParkedReason}");
        foreach (var line in database.Lines.Values.Where(line => line.RefreshAskedAt is not null))
            yield return Of($"line {line.Id}", $"owes an answer to who asked for a live read at {line.RefreshAskedAt:u}");
        foreach (var source in database.Integrations.Values.Where(source => source.ReadsProducts && source.NightCursor != database.NightOf(source.Msp)))
            yield return Of($"integration {source.Id}", $"is read through {source.NightCursor:yyyy-MM-dd} only");
        foreach (var tenant in database.Tenants.Values)
            if (database.Reminders[new(GrainKind.ProductTenant, tenant.Id, ReminderName.Read)].Night != database.Msps[tenant.Msp].Calendar.Existing(database.NightOf(tenant.Msp).AddDays(1)))
                yield return Of($"tenant {tenant.Id}", $"does not wait for the next night");
        foreach (var locked in database.Locks.Keys) yield return Of($"row {locked}", $"is still locked");
    }

    private static Breach Of(FormattableString what, FormattableString how) => new("quiet", what.ToString(CultureInfo.InvariantCulture), how.ToString(CultureInfo.InvariantCulture), 1);
}
