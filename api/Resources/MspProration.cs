using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Api.Versions;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>How the msp's lines are prorated where they have no settings of their own.</summary>
/// <param name="From">Periods that begin on this date or later; null for those before any change.</param>
internal sealed record MspProrationResource(DateOnly? From, ProrationFields Settings);

/// <summary>Every setting of the msp's, by the date from which periods begin so.</summary>
internal sealed record MspProrationsResource(IReadOnlyList<MspProrationResource> Items);

/// <summary>What the msp wants; what is absent has its default.</summary>
internal sealed record WantedProration(ProrationFields Settings) : IChecked
{
    public IEnumerable<FieldError> Check() => Settings.Check("settings.");
}

/// <summary>The msp's defaults beneath the settings of its lines. A period that has begun keeps what it began with.</summary>
internal static class MspProration
{
    /// <summary>A night that is about to begin charges the periods that begin on it as they were: the one after it is the first that cannot have been charged.</summary>
    private const int NightsAhead = 2;

    public static readonly Versioned Version = Versioned.OfMsp<MspProrationsResource>(async (sight, cancellation) => await All(sight.Database, cancellation));

    public static async Task<Ok<MspProrationsResource>> Get(MspDatabase database, CancellationToken cancellation) => TypedResults.Ok(await All(database, cancellation));

    public static async Task<Ok<MspProrationsResource>> Change(WantedProration request, MspDatabase database, TurnTransactions transactions, CancellationToken cancellation)
    {
        await using var transaction = await transactions.Begin(database, cancellation);
        var seen = database.On(transaction.Connection);
        var from = (await seen.Night(cancellation)).Last.AddDays(NightsAhead);
        var before = (await Read(seen, cancellation)).LastOrDefault()?.Settings ?? ProrationSettings.Default;
        var after = request.Settings.ToOverrides().Over(ProrationSettings.Default);
        if (after != before)
        {
            object?[] row =
            [
                database.Actor, from, (short)after.Mode, (short)after.ChangeDay, (short)after.DayCount, (short)after.LineStyle, (short)after.Rounding,
                (short)after.UnitPriceRounding, (short)after.Increases, (short)after.Decreases, after.ClosedPeriodsBackMax, Describe(before), $"{Describe(after)} from {from:yyyy-MM-dd}",
            ];
            await seen.Rows("Api/change_msp_proration", row, _ => 0, cancellation);
        }

        await transaction.Commit(WorkKinds.None, cancellation);
        return await Get(database, cancellation);
    }

    private static async Task<MspProrationsResource> All(MspDatabase database, CancellationToken cancellation) => new(
    [
        new(null, ProrationFields.Of(ProrationSettings.Default)),
        .. (await Read(database, cancellation)).Select(dated => new MspProrationResource(dated.From, ProrationFields.Of(dated.Settings))),
    ]);

    internal static Task<List<DatedSettings>> Read(MspDatabase database, CancellationToken cancellation) =>
        database.Rows("Api/msp_proration", [], row => ProrationColumns.Dated(row, 0), cancellation);

    private static string Describe(ProrationSettings settings)
    {
        var fields = ProrationFields.Of(settings);
        return string.Join(", ", fields.Mode, fields.ChangeDay, fields.DayCount, fields.LineStyle, fields.Rounding, fields.UnitPriceRounding, fields.Increases, fields.Decreases,
            fields.ClosedPeriodsBackMax is { } most ? $"{most} closed periods back" : "any closed period");
    }
}
