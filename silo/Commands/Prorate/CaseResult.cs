using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.Prorating.Cases;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Silo.Commands.Prorate;

/// <summary>A line as it is shown: one of the engine's, or the net of several for the same days.</summary>
internal sealed record ShownLine(DateOnly From, DateOnly Until, decimal Units, decimal Amount, int Run, UnitPrice? UnitPrice, ChargeKind Kind);

/// <summary>What a case came to, beside what it expected.</summary>
/// <param name="Matches">Null where the case expects nothing.</param>
/// <param name="Satisfied">Whether the program may end with status 0 as far as this case goes.</param>
internal sealed record CaseResult(JsonObject Json, bool? Matches, bool Satisfied)
{
    /// <summary>Computes a case.</summary>
    public static CaseResult Of(JsonElement element)
    {
        var problems = new List<Problem>();
        var asked = ProrationCase.FromJson(element, problems);
        if (problems.Count > 0) return Refused(asked.Id, problems);
        return ProrationPreview.Of(asked.Asked) switch
        {
            ProrationAnswer.Refused refused => Refused(asked.Id, [asked.Objection(refused)]),
            ProrationAnswer.Computed computed => Compared(asked, computed),
            var other => throw new InvalidOperationException($"{other} is no answer."),
        };
    }

    public static CaseResult Refused(string? id, IEnumerable<Problem> problems) => new(
        new()
        {
            ["id"] = id,
            ["matches"] = false,
            ["problems"] = new JsonArray([.. problems.Select(problem => new JsonObject { ["code"] = problem.Code, ["field"] = problem.Field, ["sentence"] = problem.Sentence })]),
        },
        false,
        false);

    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>With all digits of its currency, whatever the culture of the machine.</summary>
    public static string Text(decimal amount, Currency currency) => amount.ToString("F" + currency.MinorUnits, CultureInfo.InvariantCulture);

    private static CaseResult Compared(ProrationCase asked, ProrationAnswer.Computed computed)
    {
        var currency = computed.Total.Currency;
        var own = computed.Lines.Where(item => item.Line.Period.Number < asked.Request.Periods.Count).ToList();
        var lines = (asked.Shown == Shown.Net ? Netted(own) : own.Select(Shows)).ToList();
        var after = computed.Lines.Where(item => item.Line.Period.Number >= asked.Request.Periods.Count).Select(item => item.Line).ToList();
        var total = asked.TotalIsAdded ? computed.Total.Amount - after.Sum(line => line.Amount.Amount) : lines.Sum(line => line.Amount);
        bool? linesMatch = asked.Lines is { } expected ? AreSame(expected, lines) : null;
        bool? totalMatches = asked.Total is { } sum ? sum == total : null;
        var next = (Units: after.Where(line => line.Kind == ChargeKind.Units).Sum(line => line.DeltaUnits), Amount: after.Sum(line => line.Amount.Amount));
        bool? nextMatches = asked.Next is { } wanted ? (wanted.Units, wanted.Amount) == next : null;
        bool?[] all = [linesMatch, totalMatches, nextMatches];
        bool? matches = all.All(one => one is null) ? null : all.All(one => one != false);
        var json = new JsonObject
        {
            ["id"] = asked.Id,
            ["lines"] = new JsonArray([.. lines.Select(line => LineJson(line, currency))]),
            ["total"] = Text(total, currency),
            ["currency"] = currency.Code,
            ["matches"] = matches,
            ["matches_lines"] = linesMatch,
            ["matches_total"] = totalMatches,
            ["settings"] = CaseJson.Settings(asked.Request.Settings),
        };
        if (asked.Next is not null) json["next_period"] = new JsonObject { ["units"] = JsonValue.Create(Plain(next.Units)), ["amount"] = Text(next.Amount, currency) };
        return new(json, matches, !asked.MeantToMatch || matches != false);
    }

    private static ShownLine Shows(RunLine item) =>
        new(item.Line.From, item.Line.Until, item.Line.DeltaUnits, item.Line.Amount.Amount, item.Run, item.Line.UnitPrice, item.Line.Kind);

    /// <summary>One line for the same days of one run; where the units stay the same it shows how many they are.</summary>
    private static IEnumerable<ShownLine> Netted(List<RunLine> lines) => lines.Select(Shows).GroupBy(line => (line.Run, line.From, line.Until, line.Kind)).Select(same =>
    {
        var units = same.Sum(line => line.Units);
        return same.First() with
        {
            Units = units != 0m ? units : same.Where(line => line.Units > 0m).Sum(line => line.Units),
            Amount = same.Sum(line => line.Amount),
            UnitPrice = same.Count() == 1 ? same.First().UnitPrice : null,
        };
    });

    private static bool AreSame(IReadOnlyList<ExpectedLine> expected, IReadOnlyList<ShownLine> lines) => expected.Count == lines.Count && expected.Zip(lines).All(pair =>
        (pair.First.From, pair.First.Until, pair.First.Units, pair.First.Amount, pair.First.Run) == (pair.Second.From, pair.Second.Until, pair.Second.Units, pair.Second.Amount, pair.Second.Run)
        && (pair.First.UnitPrice is not { } price || price == pair.Second.UnitPrice?.Value));

    private static JsonObject LineJson(ShownLine line, Currency currency)
    {
        var json = new JsonObject { ["from"] = Text(line.From), ["to"] = Text(line.Until), ["units"] = JsonValue.Create(Plain(line.Units)), ["amount"] = Text(line.Amount, currency), ["event"] = line.Run };
        if (line.UnitPrice is { } price) json["unit_price"] = price.ToString();
        json["kind"] = Word(line.Kind);
        return json;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Without trailing zeros: 5 and not 5.00.</summary>
    private static decimal Plain(decimal number) => decimal.Parse(number.ToString("0.######", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
