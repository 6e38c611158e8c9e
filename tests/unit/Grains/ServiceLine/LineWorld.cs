using System.Globalization;
using UsageBilling.Grains.ProductTenant;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Readings;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;

namespace UsageBilling.Tests.Unit.Grains;

/// <summary>
/// One line, the tenants that feed it and what was read of them; messages are said in words. Tenants have names: <c>alder 14</c> is a
/// reading the line is told of, <c>alder is 14</c> one it is not; further words say what is doubtful about it, <c>on 5 Sep</c> dates it
/// back, a time comes first.
/// </summary>
internal sealed class LineWorld(ServiceLineState opening)
{
    private static readonly ServiceLineGrain Grain = new();
    private static readonly ProductTenantGrain TenantGrain = new();

    private readonly SortedList<string, ProductTenantState> tenants = [];
    private readonly SortedList<string, SortedList<DateOnly, InputReading>> readings = [];
    private readonly Dictionary<string, DateTimeOffset> mapped = [];
    private readonly List<Effect> effects = [];

    public ServiceLineState Line { get; private set; } = opening;

    /// <summary>The answer to the last message.</summary>
    public Verdict Verdict { get; private set; } = Verdict.Ok;

    /// <summary>What was decided since it was asked last.</summary>
    public IReadOnlyList<Effect> TakeEffects()
    {
        List<Effect> taken = [.. effects];
        effects.Clear();
        return taken;
    }

    public void Say(string message, DateOnly day)
    {
        var timed = TimeOnly.TryParseExact(message.Split(' ')[0], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        var words = (timed ? message[6..] : message).Split(' ');
        var turn = new Turn(new(day, timed ? time : new(1, 0), TimeSpan.Zero), day, HoldLimits.Default, "clerk");
        switch (words)
        {
            case ["boundary"]: Tell(new ServiceLineMessage.BoundaryReached(), turn); break;
            case ["release"]: Tell(new ServiceLineMessage.ReleaseHold(null), turn); break;
            case ["release", var units]: Tell(new ServiceLineMessage.ReleaseHold(Lines.Units(units)), turn); break;
            case ["give", var units, "from", .. var date]: Tell(new ServiceLineMessage.GiveUnits(Lines.Units(units), Lines.Day(string.Join(' ', date))), turn); break;
            case ["end", "on", .. var date]: Tell(new ServiceLineMessage.EndLine(Lines.Day(string.Join(' ', date)), Followed: false), turn); break;
            case ["told", .. var date]: Told(Lines.Day(string.Join(' ', date)), InputCause.Reading, turn); break;
            case ["contract", "moves"]: Told(day, InputCause.Mapping, turn); break;
            case ["contract", "until", .. var date]: End(Lines.Day(string.Join(' ', date)), turn); break;
            case ["price", var price, "from", .. var date]: Tell(new ServiceLineMessage.ChangePrice(Number(price), Lines.Day(string.Join(' ', date))), turn); break;
            case ["terms", .. var terms, "from", var date, var month]: Tell(new ServiceLineMessage.ChangeTerms(Terms(terms), Lines.Day($"{date} {month}")), turn); break;
            case ["map", var tenant, "from", .. var date]: Map(tenant, new OrganizationId(1), Lines.Day(string.Join(' ', date)), turn); break;
            case ["unmap", var tenant, "from", .. var date]: Map(tenant, null, Lines.Day(string.Join(' ', date)), turn); break;
            case [.. var reading, "on", var date, var month]: Read(reading, Lines.Day($"{date} {month}"), turn); break;
            default: Read(words, day, turn); break;
        }
    }

    private void Read(string[] words, DateOnly night, Turn turn)
    {
        var silent = words[1] == "is";
        var (units, evidence, reason) = words[silent ? 2.. : 1..] switch
        {
            ["null"] => ((Units?)null, Evidence.Partial, HoldReason.CountMissing),
            ["failed"] => (null, Evidence.Failed, HoldReason.ReadFailed),
            ["gone"] => (null, Evidence.Stale, HoldReason.TenantMissing),
            [var number, "fallen"] => (Lines.Units(number), Evidence.Partial, HoldReason.ProductTotalDrop),
            [var number, "gap"] => (Lines.Units(number), Evidence.Partial, HoldReason.GapTooLong),
            [var number, "unmapped"] => (Lines.Units(number), Evidence.Unmapped, null),
            [var number] => (Lines.Units(number), Evidence.Fresh, (string?)null),
            _ => throw new FormatException($"'{string.Join(' ', words)}' is no message of a month."),
        };
        if (!readings.ContainsKey(words[0])) readings[words[0]] = [];
        readings[words[0]][night] = new(night, units, evidence, reason, turn.At);
        if (!silent) Told(night, InputCause.Reading, turn);
    }

    /// <summary>Words of terms: <c>minimum 5</c>, <c>included 10</c>, <c>graduated 10:3 20:2+50 :1</c> (up to, price, fee), <c>mode MonthEndLast</c>, <c>days Fixed30</c>.</summary>
    private static ProposedTerms Terms(string[] words)
    {
        var terms = new ProposedTerms(null, null, null, TierKind.Graduated, [], ProrationOverrides.None);
        for (var word = 0; word < words.Length; word++)
        {
            terms = words[word] switch
            {
                "plain" => terms,
                "minimum" => terms with { Minimum = Number(words[++word]) },
                "maximum" => terms with { Maximum = Number(words[++word]) },
                "included" => terms with { Included = Number(words[++word]) },
                "commitment" => terms with { Commitment = Number(words[++word]) },
                "in" => terms with { Timing = Enum.Parse<BillingTiming>(words[++word], ignoreCase: true) },
                "whole" => terms with { Rounding = Enum.Parse<UnitRounding>(words[++word], ignoreCase: true) },
                "graduated" => terms with { TierKind = TierKind.Graduated },
                "volume" => terms with { TierKind = TierKind.Volume },
                "mode" => terms with { Settings = terms.Settings with { Mode = Enum.Parse<CountMode>(words[++word]) } },
                "days" => terms with { Settings = terms.Settings with { DayCount = Enum.Parse<DayCount>(words[++word]) } },
                "back" => terms with { Settings = terms.Settings with { ClosedPeriodsBackMax = (int)Number(words[++word]) } },
                "alone" => terms with { Settings = terms.Settings with { Rounding = LineRounding.IndependentPerLine } },
                var tier => terms with { Tiers = terms.Tiers.With(Tier(tier)) },
            };
        }

        return terms;
    }

    private static ProposedTier Tier(string text)
    {
        var (upTo, price) = (text.Split(':')[0], text.Split(':')[1].Split('+'));
        return new(upTo.Length == 0 ? null : Number(upTo), Number(price[0]), price.Length > 1 ? Number(price[1]) : 0m);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The PSA shows another end: the ledger was written with the one before.</summary>
    private void End(DateOnly until, Turn turn)
    {
        var first = until < Line.Contract.Until ? until : Line.Contract.Until;
        var (contract, before) = (new DateRange(Line.Contract.From, until), Line.Service);
        Line = Line with { Contract = contract, ChargedService = before == contract ? null : before };
        Told(first < turn.Night ? first : turn.Night, InputCause.Mapping, turn);
    }

    private void Map(string name, OrganizationId? organization, DateOnly from, Turn turn)
    {
        var before = tenants.GetValueOrDefault(name) ?? new(new(tenants.Count + 1), "spanning-m365", [], [], 0);
        tenants[name] = TenantGrain.Decide(before, new ProductTenantMessage.Map(organization, from), turn).State;
        mapped[name] = turn.At;
        Told(from, InputCause.Mapping, turn);
    }

    private void Told(DateOnly from, InputCause cause, Turn turn) => Tell(new ServiceLineMessage.InputsChanged(from, cause), turn);

    private void Tell(ServiceLineMessage message, Turn turn)
    {
        var inputs = tenants.SelectMany(tenant => tenant.Value.Mappings, (tenant, span) => new LineInput(
            tenant.Value.Id, "standard_licences", span.From, span.Until, mapped[tenant.Key], Sequence.From(readings.GetValueOrDefault(tenant.Key)?.Values ?? [])));
        var decision = Grain.Decide(Line with { Inputs = Sequence.From(inputs) }, message, turn);
        (Line, Verdict) = (decision.State, decision.Verdict);
        effects.AddRange(decision.Effects);
    }
}
