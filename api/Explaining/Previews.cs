using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using UsageBilling.Api.Problems;
using UsageBilling.Api.Resources;
using UsageBilling.Grains.Billing;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Turns;

namespace UsageBilling.Api.Explaining;

/// <summary>A line that would be posted.</summary>
/// <param name="Run">The event that posts it: 0 for the first posting.</param>
/// <param name="Kind"><c>units</c>, <c>average</c>, <c>flat_fee</c>, <c>commitment</c> or <c>correction</c>.</param>
/// <param name="Until">The day after the last; the text shows the last.</param>
/// <param name="Exact">The amount before rounding, as a fraction.</param>
internal sealed record PreviewLineResource(
    int Run, string Kind, string Text, DateOnly PeriodFrom, DateOnly PeriodUntil, DateOnly From, DateOnly Until, int Days, int PeriodDays, string Units,
    string UnitPrice, string Exact, string Amount, string Currency)
{
    internal static PreviewLineResource Of(RunLine item, bool first, string? name)
    {
        var (line, currency) = (item.Line, item.Line.Amount.Currency.Code);
        return new(
            item.Run, Words.Of(line.Kind), ItemWords.Of(line, first, name), line.Period.Span.From, line.Period.Span.Until, line.From, line.Until, line.Span.Days,
            line.Period.Days, Words.Number(line.DeltaUnits), Words.Amount(line.UnitPrice.Value, currency), line.Accrual.ToString(),
            Words.Amount(line.Amount.Amount, currency), currency);
    }
}

/// <summary>What a period comes to.</summary>
/// <param name="PostedBefore">What the request says was posted.</param>
/// <param name="Amount">The sum of its lines.</param>
/// <param name="Total">Both.</param>
internal sealed record PreviewPeriodResource(DateOnly From, DateOnly Until, int Days, string PostedBefore, string Amount, string Total);

/// <summary>What would be posted; nothing was.</summary>
internal sealed record PreviewResource(string Currency, IReadOnlyList<PreviewLineResource> Lines, IReadOnlyList<PreviewPeriodResource> Periods, string Total);

/// <summary>Answers what a line would be charged, from nothing but the request.</summary>
internal static class Previews
{
    /// <summary>Every change may make a run, and every run looks at all changes: the work grows with their square.</summary>
    private const int ChangesMax = 1_000;

    /// <summary>Changes times periods times tiers: what bounds the answer.</summary>
    private const int SizeMax = 10_000;

    private const int ErrorsMax = 100;

    public static Results<Ok<PreviewResource>, ProblemResult> Preview(PreviewBody body)
    {
        var problems = new List<Problem>();
        var asked = ProrationCase.FromJson(body.Json, problems);
        if (problems.Count > 0) return Unreadable(problems);
        if (TooLarge(asked.Asked) is { } sentence) return ProblemResult.Of(new Verdict.Refused(RefusalCode.RequestTooLarge, sentence), "changes");
        return ProrationPreview.Of(asked.Asked) switch
        {
            ProrationAnswer.Computed computed => TypedResults.Ok(Shown(asked, computed)),
            ProrationAnswer.Refused refused => ProblemResult.Of(refused.Why, asked.Objection(refused).Field!),
            var other => throw new InvalidOperationException($"{other} is no answer."),
        };
    }

    private static ProblemResult Unreadable(List<Problem> problems) => ProblemResult.Of(
        problems.TrueForAll(problem => problem.Code == Problem.FieldUnknown) ? ProblemCode.FieldUnknown : ProblemCode.ValidationFailed,
        [.. problems.Take(ErrorsMax).Select(problem => new FieldError(problem.Field ?? "body", problem.Sentence))]);

    private static string? TooLarge(ProrationRequest request)
    {
        var changes = 1L + request.Changes.Count + request.PriceChanges.Count + request.PostedBefore.Count;
        var tiers = request.PriceChanges.Select(change => change.Tiers).Prepend(request.Tiers).Max(tiers => tiers?.Steps.Count ?? 1);
        if (changes > ChangesMax) return string.Create(CultureInfo.InvariantCulture, $"A preview has fewer than {ChangesMax} changes and postings.");
        return changes * request.Periods.Count * Math.Max(1, tiers) > SizeMax ? string.Create(CultureInfo.InvariantCulture, $"Changes times periods times tiers are at most {SizeMax}.") : null;
    }

    private static PreviewResource Shown(ProrationCase asked, ProrationAnswer.Computed computed)
    {
        var currency = computed.Total.Currency.Code;
        var first = asked.Asked.PostedBefore.Count == 0 ? computed.Lines.Select(item => item.Run).DefaultIfEmpty().Min() : -1;
        return new(
            currency,
            [.. computed.Lines.Select(item => PreviewLineResource.Of(item, item.Run == first, asked.Description))],
            [.. asked.Asked.Periods.Select(period => PeriodOf(period, asked.Asked, computed, currency))],
            Words.Amount(computed.Total.Amount, currency));
    }

    private static PreviewPeriodResource PeriodOf(RequestedDays period, ProrationRequest request, ProrationAnswer.Computed computed, string currency)
    {
        var before = request.PostedBefore.Where(posting => posting.From >= period.From && posting.Until <= period.Until).Sum(posting => posting.Amount);
        var amount = computed.Lines.Where(item => item.Line.Period.Span.From == period.From).Sum(item => item.Line.Amount.Amount);
        return new(
            period.From, period.Until, period.Until.DayNumber - period.From.DayNumber, Words.Amount(before, currency), Words.Amount(amount, currency),
            Words.Amount(before + amount, currency));
    }
}
