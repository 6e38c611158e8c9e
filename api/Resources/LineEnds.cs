using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Database;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Turns;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Runtime.Turns;

namespace UsageBilling.Api.Resources;

/// <summary>The end of a line.</summary>
/// <param name="On">The first day that it does not cover.</param>
/// <param name="Start">The line that goes on in its place from that day on, for the same line of the PSA.</param>
internal sealed record EndedLine(DateOnly On, StartedLine? Start = null) : IChecked
{
    public IEnumerable<FieldError> Check() => Start?.Check() ?? [];
}

/// <summary>A line that goes on in the place of another, with the price and the terms of that day.</summary>
/// <param name="Units">Of a manual basis: what it has from its first day on; the other's units unless given.</param>
/// <param name="Name">What the invoice calls it; as the other, unless given.</param>
internal sealed record StartedLine(ChosenBasis Basis, string? Units = null, string? Name = null) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        List<FieldError> errors = [.. Basis.Check().Select(error => error with { Field = $"start.basis.{error.Field}" }), .. Checks.MaybeText("start.name", Name, 200)];
        if (Units is { } units) errors.AddRange(UnitsRule.Check("start.units", units));
        if (Units is not null && Basis.Kind != "manual") errors.Add(new("start.units", "Only a line with a manual basis is given units; others count them."));
        return errors;
    }

    public ServiceLineMessage ToMessage(DateOnly from) => new ServiceLineMessage.BeginLine(Basis.ToBasis(), Units is null ? null : Words.Units(Units), from);
}

/// <summary>A line that ends, and the one that goes on in its place.</summary>
internal sealed record EndedLineResource(LineResource Line, LineResource? Next);

/// <summary>Ending a line while its contract goes on.</summary>
internal static class LineEnds
{
    /// <summary>The end of the one and the beginning of the other are one commit, so that the PSA's line is nobody's at no time.</summary>
    public static async Task<Results<Ok<EndedLineResource>, ProblemResult>> End(
        long id, EndedLine request, MspDatabase database, TurnTransactions transactions, GrainEngines grains, CancellationToken cancellation)
    {
        if (await database.Line(id, cancellation) is not { } line) return ProblemResult.Of(ProblemCode.NotFound);
        var night = (await database.Night(cancellation)).Last;
        await using var transaction = await transactions.Begin(database, cancellation);
        var ended = await transaction.Tell(grains.Lines, id, new ServiceLineMessage.EndLine(request.On, request.Start is not null), cancellation);
        if (TurnProblem.Of(ended) is { } problem) return problem;
        long? next = null;
        if (request.Start is { } start)
        {
            var period = line.Terms.Cadence.PeriodContaining(request.On).Span;
            next = await transaction.Id("Lines/follow", [id, request.On, string.IsNullOrEmpty(start.Name) ? null : start.Name, period.From, night], cancellation);
            var begun = await transaction.Tell(grains.Lines, next!.Value, start.ToMessage(request.On), cancellation);
            if (TurnProblem.Of(begun) is { } refused) return refused;
        }

        await transaction.Commit(WorkKinds.Intents, cancellation);
        return TypedResults.Ok(new EndedLineResource(
            (await Lines.ReadOne(database, id, cancellation))!, next is { } other ? await Lines.ReadOne(database, other, cancellation) : null));
    }
}
