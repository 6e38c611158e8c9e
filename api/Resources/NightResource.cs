using Npgsql;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>What one integration read for a night.</summary>
/// <param name="State"><c>waiting</c> before it begins, then <c>running</c>, <c>incomplete</c> or <c>finished</c>.</param>
/// <param name="Due">Tenants that were due.</param>
/// <param name="Remaining">Tenants that are still due.</param>
/// <param name="FailureCode">Why tenants are unread; null when none is.</param>
internal sealed record NightIntegrationResource(
    NamedResource Integration, string State, int Due, int Read, int Remaining, int Changed, int Discovered, string? FailureCode, string? FailureSentence,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    internal static (DateOnly Night, NightIntegrationResource Integration) FromRow(NpgsqlDataReader row)
    {
        var state = row.Text(3) ?? "waiting";
        var remaining = Math.Max(row.GetInt32(13), state == "incomplete" ? row.GetInt32(6) : 0);
        var due = Math.Max(Count(row, 4), remaining);
        return (row.Date(0), new(
            new(row.GetInt64(1), row.GetString(2)), state, due, state is "waiting" or "running" ? due - remaining : row.GetInt32(5), remaining, Count(row, 7),
            Count(row, 8), row.Text(9), row.Text(10), row.MaybeInstant(11), row.MaybeInstant(12)));
    }

    private static int Count(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? 0 : row.GetInt32(column);
}

/// <summary>Writes to the PSA that a night owes, by state.</summary>
internal sealed record NightIntentsResource(int Pending, int Sending, int InDoubt, int Confirmed, int Rejected, int Parked)
{
    internal bool UnderWay => Pending + Sending + InDoubt > 0;

    internal static NightIntentsResource Of(IEnumerable<(string State, int Count)> rows)
    {
        var counts = rows.ToDictionary(row => row.State, row => row.Count);
        int On(string state) => counts.GetValueOrDefault(state);
        return new(On("pending"), On("sending"), On("in_doubt"), On("confirmed"), On("rejected"), On("parked"));
    }
}

/// <summary>How far a night came.</summary>
/// <param name="Due">Tenants that were due.</param>
/// <param name="Remaining">Tenants that are still due.</param>
/// <param name="PendingLines">Lines that have not yet counted what was read.</param>
/// <param name="ParkedLines">Lines that failed and wait for a release.</param>
internal sealed record NightProgressResource(int Due, int Read, int Remaining, int PendingLines, int ParkedLines, NightIntentsResource Intents);

/// <summary>One night of the msp.</summary>
/// <param name="Night">A local date in the msp's zone.</param>
/// <param name="State"><c>finished</c> when everything is read, counted and posted; <c>incomplete</c> when nothing moves but something is missing.</param>
internal sealed record NightResource(DateOnly Night, string State, NightProgressResource Progress, IReadOnlyList<NightIntegrationResource> Integrations)
{
    internal const string Running = "running";

    internal static NightResource Of(
        DateOnly night, IReadOnlyList<NightIntegrationResource> integrations, (int Pending, int Parked) lines, NightIntentsResource intents)
    {
        var progress = new NightProgressResource(
            integrations.Sum(row => row.Due), integrations.Sum(row => row.Read), integrations.Sum(row => row.Remaining), lines.Pending, lines.Parked, intents);
        return new(night, StateOf(integrations, progress), progress, integrations);
    }

    private static string StateOf(IReadOnlyList<NightIntegrationResource> integrations, NightProgressResource progress)
    {
        if (integrations.Any(row => row.State is "waiting" or "running") || progress.PendingLines > 0 || progress.Intents.UnderWay) return Running;
        return integrations.Any(row => row.State == "incomplete") || progress.ParkedLines > 0 ? "incomplete" : "finished";
    }
}

/// <summary>What a night did to one line.</summary>
/// <param name="Customer">The account's name.</param>
/// <param name="Service">The line's name.</param>
/// <param name="EffectiveOn">The date from which <paramref name="UnitsAfter"/> holds; null when the count did not change.</param>
/// <param name="Posted">What the PSA knows of it: <c>posted</c>, <c>waiting</c>, <c>checking</c>, <c>rejected: …</c>, <c>needs a person: …</c>, <c>held</c> or <c>nothing to post</c>.</param>
internal sealed record NightLineResource(
    long LineId, string Customer, string Service, string UnitsBefore, string UnitsAfter, DateOnly? EffectiveOn, string Posted, LineHeldResource? Held)
{
    internal static NightLineResource FromRow(NpgsqlDataReader row)
    {
        var held = row.IsDBNull(9) ? null : LineHeldResource.FromRow(row);
        return new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), Words.Number(row.GetDecimal(3)), Words.Number(row.GetDecimal(4)), row.MaybeDate(5),
            PostedOf(row.Text(6), row.Text(8) ?? row.Text(7), held is not null), held);
    }

    private static string PostedOf(string? state, string? reason, bool held) => state switch
    {
        null => held ? "held" : "nothing to post",
        "confirmed" => "posted",
        "pending" => "waiting",
        "sending" => "sending",
        "in_doubt" => "checking",
        "rejected" => $"rejected: {reason}",
        "parked" => $"needs a person: {reason}",
        _ => state,
    };
}

/// <summary>Why the line was held that night.</summary>
internal sealed record LineHeldResource(long HoldId, string Reason, string Sentence, DateOnly Night, string PreviousUnits, string? ProposedUnits)
{
    internal static LineHeldResource FromRow(NpgsqlDataReader row)
    {
        var (reason, night, previous, proposed) = (row.GetString(10), row.Date(11), row.GetDecimal(12), row.IsDBNull(13) ? (decimal?)null : row.GetDecimal(13));
        return new(row.GetInt64(9), reason, Words.Hold(reason, night, previous, proposed), night, Words.Number(previous), Words.MaybeNumber(proposed));
    }
}
