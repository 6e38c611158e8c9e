using UsageBilling.Grains.Prorating;
using UsageBilling.Grains.ServiceLine;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.Simulator.Store;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;
using LineTerms = UsageBilling.Interfaces.Grains.LineTerms;

namespace UsageBilling.Tests.Simulator.Checks;

/// <summary>The invariants about counts, money and what PSAs are told.</summary>
internal static partial class InvariantChecks
{
    private static readonly string[] InFlight = ["sending", "in_doubt"];

    /// <summary>A line with what follows from its opening count.</summary>
    private sealed class Books
    {
        private readonly List<CountRecord> counts;
        private readonly CountRecord? opening;

        public Books(Database database, LineRow line)
        {
            Line = line;
            Contract = database.Contracts[line.Contract];
            counts = [.. line.Counts.Select(row => row.Count).OrderBy(count => count.EffectiveOn).ThenBy(count => count.Sequence)];
            opening = counts.Find(count => count.Source == "opening");
            OwnFrom = opening is not null ? line.Terms.Cadence.PeriodContaining(opening.Night).Span.Until
                : line.Ledger.Where(row => row.Entry.Kind == "charge").Select(row => (DateOnly?)row.Entry.Period.From).Min() ?? line.ChargedUntil;
        }

        public LineRow Line { get; }

        public ContractRow Contract { get; }

        /// <summary>The first day that the PSA did not charge by itself.</summary>
        public DateOnly OwnFrom { get; }

        public decimal Counted(DateOnly day) => Clamped(counts.LastOrDefault(count => count.EffectiveOn <= day)?.Units);

        /// <summary>What the PSA charged by itself on a day, before the hub posted anything.</summary>
        public decimal ChargedByPsa(DateOnly day)
        {
            if (day >= OwnFrom || day < Contract.From || day >= Contract.Until) return 0m;
            return opening is not null && opening.EffectiveOn <= day ? Clamped(opening.Units) : Clamped(null);
        }

        private decimal Clamped(Units? counted)
        {
            var units = counted ?? Units.Zero;
            if (Line.Terms.Minimum is { } minimum && units < minimum) units = minimum;
            if (Line.Terms.Maximum is { } maximum && units > maximum) units = maximum;
            return units.Value;
        }
    }

    private static IEnumerable<Books> BooksOf(Database database)
    {
        var moved = database.Audit.Where(row => row.Action == "contract.observed").Select(row => row.Grain).ToHashSet();
        return database.Lines.Values.Where(line => !moved.Contains(line.Contract) && line.HasOneSetOfTerms).Select(line => new Books(database, line));
    }

    /// <summary>Lines with several prices or terms, or whose contract moved: each charged period has what the money core says of what is stored now.</summary>
    private static IEnumerable<(string What, string How)> AmountsAreRecomputed(Look look)
    {
        var plain = BooksOf(look.Database).Select(books => books.Line.Id).ToHashSet();
        foreach (var line in look.Database.Lines.Values.Where(line => !plain.Contains(line.Id) && line.Basis.Kind != BasisKind.None))
        {
            var own = new Books(look.Database, line).OwnFrom;
            if (own >= line.ChargedUntil) continue;
            var state = Priced(line, look.Database.Contracts[line.Contract]);
            var counts = LinePricing.Timeline(line.Counts.Select(row => row.Count));
            foreach (var period in line.Terms.Cadence.PeriodsOverlapping(new(own, line.ChargedUntil)))
            {
                // a period that runs, of a line that counts at its end, is charged with the last known count
                var running = line.RunningUnits is { } units && period.Span.Until == line.ChargedUntil ? CountTimeline.Of([new(DateOnly.MinValue, 0, units)]) : counts;
                var must = Grains.Prorating.Rounding.Round(Proration.Total(LinePricing.Terms(state, period.Span.From, []), running, period), line.Terms.Currency).Amount;
                var posted = line.Ledger.Where(row => row.Entry.Period == period.Span).Sum(row => row.Entry.Amount.Amount);
                if (posted != must) yield return (Text($"line {line.Id}"), Text($"the period from {period.Span.From:yyyy-MM-dd} has {posted} and must have {must}"));
            }
        }
    }

    /// <summary>What the money core asks of a line: its terms and its dates.</summary>
    private static ServiceLineState Priced(LineRow line, ContractRow contract) => new(
        new ServiceLineId(line.Id), line.Terms, line.Basis, line.Service ?? new(contract.From, contract.Until),
        new(new IntegrationId(contract.Integration), contract.RemoteId, line.RemoteId, WholeUnitsOnly: true), [], [], null, line.ChargedUntil, null);

    private static IEnumerable<(string What, string How)> UnitsAreCounts(Look look)
    {
        foreach (var books in BooksOf(look.Database))
        {
            var (line, contract) = (books.Line, books.Contract);
            var end = contract.Until < line.ChargedUntil ? contract.Until : line.ChargedUntil;
            var days = line.Ledger.SelectMany(row => new[] { row.Entry.Days.From, row.Entry.Days.Until })
                .Concat(line.Counts.Select(row => row.Count.EffectiveOn)).Concat([contract.From, books.OwnFrom, end]).Distinct();
            foreach (var day in days)
            {
                var posted = line.Ledger.Where(row => row.Entry.Days.Contains(day)).Sum(row => row.Entry.UnitsDelta);
                var counted = day >= contract.From && day < end ? books.Counted(day) - books.ChargedByPsa(day) : 0m;
                if (posted != counted) yield return (Text($"line {line.Id}"), Text($"{day:yyyy-MM-dd}: {posted} units posted, {counted} counted"));
            }
        }
    }

    private static IEnumerable<(string What, string How)> AmountsAreExact(Look look)
    {
        foreach (var books in BooksOf(look.Database))
        {
            foreach (var period in books.Line.Ledger.Select(row => row.Entry).GroupBy(entry => entry.Period))
            {
                var price = books.Line.Terms.UnitPrice.Value;
                var before = Enumerable.Range(0, period.Key.Days).Sum(day => books.ChargedByPsa(period.Key.From.AddDays(day))) * price;
                var exact = period.Sum(entry => entry.UnitsDelta * entry.UnitPrice.Value * entry.Days.Days);
                var must = Rounded(before + exact, period.Key.Days, books) - Rounded(before, period.Key.Days, books);
                var posted = period.Sum(entry => entry.Amount.Amount);
                if (posted != must) yield return (Text($"line {books.Line.Id}"), Text($"the period from {period.Key.From:yyyy-MM-dd} has {posted} and must have {must}"));
            }
        }

        foreach (var breach in AmountsAreRecomputed(look)) yield return breach;
        foreach (var line in look.Database.Lines.Values)
            foreach (var row in line.Ledger)
                if (!PricesOf(line.Terms).Contains(row.Entry.UnitPrice) || row.Entry.Amount.Currency != line.Terms.Currency || !row.Entry.Period.Contains(row.Entry.Days))
                    yield return (Text($"line {line.Id}"), Text($"version {row.LineVersion}, entry {row.Number} is of another price, currency or period"));
    }

    /// <summary>Every price that the line ever had, and every fee.</summary>
    private static IEnumerable<UnitPrice> PricesOf(LineTerms terms) => terms.Prices.Select(price => price.Price).Prepend(terms.UnitPrice)
        .Concat(terms.Changes.SelectMany(change => change.Terms.Tiers?.Steps ?? []).SelectMany(step => (UnitPrice[])[step.Price, step.FlatFee]));

    private static decimal Rounded(decimal numerator, int days, Books books) => decimal.Round(numerator / days, books.Line.Terms.Currency.MinorUnits, MidpointRounding.AwayFromZero);

    private static IEnumerable<(string What, string How)> EveryChangeIsWished(Look look)
    {
        var intents = look.Database.Intents.GroupBy(intent => (intent.Line, intent.EffectiveOn)).ToDictionary(group => group.Key, group => group.MaxBy(intent => intent.Id)!);
        foreach (var line in look.Database.Lines.Values)
        {
            decimal? before = null;
            foreach (var date in StepsOf(line))
            {
                var count = line.Counts.Select(row => row.Count).Where(known => known.EffectiveOn <= date).MaxBy(known => (known.EffectiveOn, known.Sequence))!;
                var billed = Billed(line, count.Units, date);
                var wished = intents.GetValueOrDefault((line.Id, date));
                if (wished is null && before is not null && before != billed && (count.EffectiveOn < date || count.Source != "opening"))
                    yield return (Text($"line {line.Id}"), Text($"bills {billed} units from {date:yyyy-MM-dd}, and no PSA will hear of it"));
                if (wished is not null && wished.Desired != billed)
                    yield return (Text($"line {line.Id}"), Text($"wishes {wished.Desired} units from {date:yyyy-MM-dd} and bills {billed}"));
                before = billed;
            }
        }

        foreach (var (line, date) in intents.Keys)
            if (!StepsOf(look.Database.Lines[line]).Contains(date))
                yield return (Text($"line {line}"), Text($"wishes units from {date:yyyy-MM-dd} without a count"));
    }

    /// <summary>The dates on which a line's units may change: those of its counts, and once it is counted those of other terms.</summary>
    private static List<DateOnly> StepsOf(LineRow line)
    {
        var counts = line.Counts.Select(row => row.Count.EffectiveOn).ToList();
        return [.. counts.Concat(line.Terms.Changes.Select(change => change.From).Where(from => counts.Exists(count => count <= from))).Distinct().Order()];
    }

    private static decimal Billed(LineRow line, Units units, DateOnly date)
    {
        var first = line.Terms.Cadence.PeriodContaining(date).Span.From;
        var changed = line.Terms.Changes.LastOrDefault(change => change.From <= first)?.Terms;
        var (least, most) = changed is null ? (line.Terms.Minimum, line.Terms.Maximum) : (changed.Minimum, changed.Maximum);
        if (least is { } minimum && units < minimum) units = minimum;
        if (most is { } maximum && units > maximum) units = maximum;
        return line.Terms.Rounding switch
        {
            UnitRounding.Up => decimal.Ceiling(units.Value),
            UnitRounding.Nearest => decimal.Round(units.Value, MidpointRounding.AwayFromZero),
            _ => decimal.Floor(units.Value),
        };
    }

    private static IEnumerable<(string What, string How)> OneAtATime(Look look)
    {
        foreach (var pending in look.Database.Intents.Where(intent => intent.State == "pending").GroupBy(intent => (intent.Integration, intent.ServiceRemoteId, intent.EffectiveOn)))
            if (pending.Count() > 1)
                yield return (Text($"service {pending.Key.ServiceRemoteId}"), Text($"{pending.Count()} pending intents from {pending.Key.EffectiveOn:yyyy-MM-dd}"));
        foreach (var contract in look.Database.Intents.Where(intent => InFlight.Contains(intent.State)).GroupBy(intent => (intent.Integration, intent.ContractRemoteId)))
            if (contract.Count() > 1)
                yield return (Text($"contract {contract.Key.ContractRemoteId}"), Text($"{contract.Count()} intents in flight"));
        foreach (var line in look.Database.Lines.Values)
            if (line.Holds.Count(hold => hold.Resolution is null) is > 1 and var open)
                yield return (Text($"line {line.Id}"), Text($"{open} open holds"));
    }

    private static IEnumerable<(string What, string How)> VendorHasWhatWasConfirmed(Look look)
    {
        foreach (var shown in look.Vendor.Shows)
        {
            var intents = look.Database.Intents.Where(intent => intent.Integration == shown.Integration && intent.ServiceRemoteId == shown.ServiceRemoteId).ToList();
            if (intents.Exists(intent => (intent.State != "confirmed" && intent.Code != "superseded") || (intent.EffectiveOn <= shown.On && intent.SentOn > shown.On))) continue;
            var newest = intents.Where(intent => intent.EffectiveOn <= shown.On).MaxBy(intent => (intent.EffectiveOn, intent.Id));
            if (newest is { State: "confirmed" } && newest.Desired != shown.Units)
                yield return (Text($"service {shown.ServiceRemoteId}"), Text($"shows {shown.Units} units on {shown.On:yyyy-MM-dd} where {newest.Desired} were confirmed"));
        }
    }

    private static IEnumerable<(string What, string How)> NothingAppliedTwice(Look look)
    {
        foreach (var applied in look.Vendor.Applied.GroupBy(change => change))
        {
            var sent = look.Database.Intents.Where(intent => intent.SendingAt is not null && intent.Integration == applied.Key.Integration
                && intent.ServiceRemoteId == applied.Key.ServiceRemoteId && intent.SentOn == applied.Key.On).Sum(intent => intent.Generation);
            if (applied.Count() > sent) yield return (Text($"service {applied.Key.ServiceRemoteId}"), Text($"{applied.Count()} changes applied from {applied.Key.On:yyyy-MM-dd}, {sent} sent"));
        }
    }

    /// <summary>At the month's end a record decides about days before it, too.</summary>
    private static IEnumerable<(string What, string How)> EveryCentHasItsCount(Look look)
    {
        foreach (var line in look.Database.Lines.Values)
        {
            foreach (var row in line.Ledger.Where(row => row.Entry.CountSequence > 0))
            {
                var cause = line.Counts.Find(count => count.Count.EffectiveOn == row.Entry.CountEffectiveOn && count.Count.Sequence == row.Entry.CountSequence);
                if (cause is null || cause.LineVersion > row.LineVersion || cause.Count.EffectiveOn > (line.HasOneSetOfTerms ? row.Entry.Days.From : row.Entry.Days.Until.AddDays(-1)))
                    yield return (Text($"line {line.Id}"), Text($"version {row.LineVersion}, entry {row.Number} stands on a count that was not on record"));
            }
        }
    }
}
