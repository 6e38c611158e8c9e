using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Sheets;

/// <summary>Which lines a file has.</summary>
internal sealed record LineSheetQuery([FromQuery(Name = "contract")] long? Contract, [FromQuery(Name = "account")] long? Account);

/// <summary>Lines as a table that a person may edit and send back: their bases, units given by hand, prices and terms.</summary>
internal static class LineSheet
{
    private const int PageSize = 500;

    public static SheetExport Export([AsParameters] LineSheetQuery query, MspDatabase database, CancellationToken cancellation) =>
        new("lines.csv", LineCells.Columns.All, Rows(query, database, cancellation));

    public static async Task<Results<Ok<SheetResource>, ProblemResult>> Import(
        [AsParameters] SheetQuery query, HttpRequest http, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        var (rows, problem) = await Sheet.Read(http, LineCells.Columns, cancellation);
        if (rows is null) return problem!;
        var wishes = await Wishes(rows, database, cancellation);
        if (Sheet.TooMany(wishes.Count(wish => wish.Wish is { ChangesSomething: true, Errors.Count: 0 })) is { } tooMany) return tooMany;
        var night = (await database.Night(cancellation)).Last;
        var teller = new Teller(database, transactions, grains, night, query.IsDry);
        var came = new List<SheetRowResource>();
        foreach (var (row, line, wish, answer) in wishes) came.Add(answer ?? (wish!.ChangesSomething ? await teller.Tell(row, line, wish, cancellation) : SheetRowResource.Changed(row)));
        return TypedResults.Ok(SheetResource.Of(query.IsDry, came));
    }

    /// <summary>What each row wants of which line; or its answer, when that is known already.</summary>
    private static async Task<List<(int Row, long Line, LineWish? Wish, SheetRowResource? Answer)>> Wishes(IReadOnlyList<SheetRow> rows, MspDatabase database, CancellationToken cancellation)
    {
        var named = rows.Select(row =>
        {
            List<FieldError> errors = [];
            var id = row.Id("line_id", errors);
            if (id is null && errors.Count == 0) errors.Add(new("line_id", "Must be there."));
            return (Row: row, Id: id, Errors: errors);
        }).ToList();
        foreach (var again in named.Where(row => row.Id is not null).GroupBy(row => row.Id).SelectMany(same => same.Skip(1))) again.Errors.Add(new("line_id", "Has a row in this file already."));
        var known = new Dictionary<long, LineCells>();
        foreach (var some in named.Where(row => row.Id is not null).Select(row => row.Id!.Value).Distinct().Chunk(PageSize))
            foreach (var line in await Page(database, some, 0, new(null, null), cancellation)) known[line.Line] = line;
        return [.. named.Select(row =>
        {
            var number = row.Row.Number;
            if (row.Errors.Count > 0) return (number, 0L, (LineWish?)null, (SheetRowResource?)SheetRowResource.Wrong(number, row.Errors));
            if (!known.TryGetValue(row.Id!.Value, out var cells)) return (number, row.Id.Value, null, SheetRowResource.Refused(number, ProblemCode.NotFound.Code, ProblemCode.NotFound.Sentence));
            var wish = new LineWish(row.Row, cells);
            return (number, row.Id.Value, wish, wish.Errors.Count > 0 ? SheetRowResource.Wrong(number, wish.Errors) : null);
        })];
    }

    private static async IAsyncEnumerable<IReadOnlyList<string>> Rows(LineSheetQuery query, MspDatabase database, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long? after = 0;
        while (after is { } last)
        {
            var page = await Page(database, null, last, query, cancellation);
            foreach (var line in page) yield return line.Written;
            after = page.Count == PageSize ? page[^1].Line : null;
        }
    }

    private static async Task<List<LineCells>> Page(MspDatabase database, long[]? only, long after, LineSheetQuery query, CancellationToken cancellation)
    {
        object?[] values = [only, after, PageSize, query.Contract, query.Account, (await database.Night(cancellation)).Last];
        return await database.Rows("Sheets/lines", values, LineCells.FromRow, cancellation);
    }

    /// <summary>Tells a line all that its row says, in one commit or not at all.</summary>
    private sealed record Teller(MspDatabase Database, TurnTransactions Transactions, GrainEngines Grains, DateOnly Night, bool IsDry)
    {
        public async Task<SheetRowResource> Tell(int row, long line, LineWish wish, CancellationToken cancellation)
        {
            if (await Database.Line(line, cancellation) is not { } state) return SheetRowResource.Refused(row, ProblemCode.NotFound.Code, ProblemCode.NotFound.Sentence);
            await using var transaction = await Transactions.Begin(Database, cancellation);
            List<string> changed = [];
            foreach (var (what, message) in Messages(wish, state))
            {
                var problem = TurnProblem.Of(await transaction.Tell(Grains.Lines, line, message, cancellation));
                if (problem is null) changed.Add(what);
                else if (problem.Code != RefusalCode.NothingChanged) return SheetRowResource.Refused(row, problem.Code, problem.Sentence);
            }

            if (!IsDry && changed.Count > 0) await transaction.Commit(WorkKinds.None, cancellation);
            return SheetRowResource.Changed(row, changed);
        }

        /// <summary>Units are given to lines that count by hand; of others they are what was counted, and only shown.</summary>
        private IEnumerable<(string What, ServiceLineMessage Message)> Messages(LineWish wish, ServiceLineState state)
        {
            var on = wish.From ?? Night;
            if (wish.Basis is { } basis) yield return ("basis", new ServiceLineMessage.ChooseBasis(basis.ToBasis()));
            var byHand = wish.Basis is { } chosen ? chosen.Kind == "manual" : state.Basis.Kind == BasisKind.Manual;
            if (wish.Units is { } units && byHand) yield return ("units", (units with { EffectiveOn = on }).ToMessage());
            if (wish.Price is { } price) yield return ("price", (price with { From = on }).ToMessage());
            if (wish.ChangesTerms) yield return ("terms", wish.Terms(TermsOn(state.Terms, on), on).ToMessage(Night));
        }

        private static PeriodTerms TermsOn(LineTerms terms, DateOnly on) =>
            terms.Changes.LastOrDefault(change => change.From <= on)?.Terms ?? new PeriodTerms(terms.Minimum, terms.Maximum, null, null, ProrationOverrides.None);
    }
}
