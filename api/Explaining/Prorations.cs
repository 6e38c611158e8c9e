using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Database;
using UsageBilling.Api.Paging;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Grains;

namespace UsageBilling.Api.Explaining;

/// <summary>Which entries of a line are wanted.</summary>
/// <param name="From">Entries that have this day or a later one.</param>
/// <param name="To">Entries that have this day or an earlier one.</param>
internal sealed record ProrationQuery([FromQuery(Name = "from")] DateOnly? From, [FromQuery(Name = "to")] DateOnly? To) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (From > To) yield return new("to", "Must not be before from.");
    }
}

/// <summary>An entry in an address: the turn that wrote it, a point, and its number.</summary>
internal readonly record struct EntryAddress(EntryKey Key) : IParsable<EntryAddress>
{
    public static EntryAddress Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var entry) ? entry : throw new FormatException("An entry is its turn, a point and its number.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out EntryAddress result)
    {
        result = default;
        if (s?.Split('.') is not [var turn, var number] || !int.TryParse(turn, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !short.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var entry)) return false;
        result = new(new(version, entry));
        return true;
    }
}

/// <summary>What lines are charged: asked beforehand, listed, and explained.</summary>
internal static class Prorations
{
    public static void MapProrations(this RouteGroupBuilder group)
    {
        group.MapGroup("/proration").WithTags("proration").MapPost("/preview", Previews.Preview).Accepts<PreviewRequest>("application/json");
        var lines = group.MapGroup("/lines").WithTags("lines");
        lines.MapGet("/{id:long}/counts/{on}/{sequence:int}", CountEvidence.Get);
        lines.MapGet("/{id:long}/prorations", List);
        lines.MapGet("/{id:long}/ledger/{entry}/explain", Explain);
        lines.MapGet("/{id:long}/explain", ExplainNewest);
    }

    private static async Task<Results<Ok<Page<ProrationResource>>, ProblemResult>> List(
        long id, [AsParameters] PageQuery page, [AsParameters] ProrationQuery query, MspDatabase database, CancellationToken cancellation)
    {
        if (await database.Id("Api/line_exists", [id], cancellation) is null) return ProblemResult.Of(ProblemCode.NotFound);
        var after = page.From(0);
        var rows = await database.Rows("Explain/prorations", [id, query.From, query.To, after.First, after.Second, page.Rows], StoredEntry.FromRow, cancellation);
        return TypedResults.Ok(page.Of([.. rows.Select(ProrationResource.Of)], entry => new(entry.Turn, entry.Entry)));
    }

    private static async Task<Results<Ok<ExplanationResource>, ProblemResult>> Explain(long id, EntryAddress entry, MspDatabase database, CancellationToken cancellation) =>
        await Explanation.Read(database, id, entry.Key, cancellation) is { } found ? TypedResults.Ok(found.ToResource()) : ProblemResult.Of(ProblemCode.NotFound);

    /// <param name="entry">Absent: the newest of the line.</param>
    private static async Task<Results<Ok<ExplanationResource>, ProblemResult>> ExplainNewest(
        long id, [FromQuery(Name = "entry")] EntryAddress? entry, MspDatabase database, CancellationToken cancellation)
    {
        if (entry is { } named) return await Explain(id, named, database, cancellation);
        var newest = await database.Rows("Explain/newest_entry", [id], row => new EntryAddress(new(row.GetInt32(0), row.GetInt16(1))), cancellation);
        return newest.Count == 0 ? ProblemResult.Of(ProblemCode.NotFound) : await Explain(id, newest[0], database, cancellation);
    }
}
