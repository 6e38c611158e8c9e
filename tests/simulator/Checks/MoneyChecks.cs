using UsageBilling.Grains.Prorating;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Turns;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Invariants;
using UsageBilling.Tests.Simulator.Store;
using CountRecord = UsageBilling.Interfaces.Grains.CountRecord;

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
        return database.Lines.Values.Where(line => !moved.Contains(line.Contract) && line.Terms.Prices.Count == 0).Select(line => new Books(database, line));
    }

    /// <summary>Lines with several prices, or whose contract moved: each charged period has what the money core says of what is stored now.</summary>
    private static IEnumerable<(string What, string How)> AmountsAreRecomputed(Look look)
    {
        var plain = BooksOf(look.Database).Select(books => books.Line.Id).ToHashSet();
        foreach (var line in look.Database.Lines.Values.Where(line => !plain.Contains(line.Id) && line.Basis.Kind != BasisKind.None))
        {
            var own = new Books(look.Database, line).OwnFrom;
            if (own >= line.ChargedUntil) continue;
            var terms = CoreTerms(line, look.Database.Contracts[line.Contract]);
            var counts = CountTimeline.Of(line.Counts.Select(row => new Grains.Prorating.CountRecord(row.Count.EffectiveOn, row.Count.Sequence, row.Count.Units)));
            foreach (var period in line.Terms.Cadence.PeriodsOverlapping(new(own, line.ChargedUntil)))
            {
                var must = Grains.Prorating.Rounding.Round(Proration.Total(terms, counts, period), line.Terms.Currency).Amount;
                var posted = line.Ledger.Where(row => row.Entry.Period == period.Span).Sum(row => row.Entry.Amount.Amount);
                if (posted != must) yield return (Text($"line {line.Id}"), Text($"the period from {period.Span.From:yyyy-MM-dd} has {posted} and must have {must}"));
            }
        }
    }

    private static Grains.Prorating.LineTerms CoreTerms(LineRow line, ContractRow contract) => new(
        line.Terms.Cadence,
        line.Terms.Currency,
        line.Terms.Prices.Aggregate(PriceTimeline.Constant(line.Terms.UnitPrice), (known, price) => known.With(new(price.EffectiveOn, price.Sequence, price.Price))),
        line.Service?.From ?? contract.From,
        line.Service?.Until ?? contract.Until,
        line.Terms.Minimum,
        line.Terms.Maximum);

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
                if ((row.Entry.UnitPrice != line.Terms.UnitPrice && !line.Terms.Prices.Any(price => price.Price == row.Entry.UnitPrice)) || row.Entry.Amount.Currency != line.Terms.Currency || !row.Entry.Period.Contains(row.Entry.Days))
                    yield return (Text($"line {line.Id}"), Text($"version {row.LineVersion}, entry {row.Number} is of another price, currency or period"));
    }

    private static decimal Rounded(decimal numerator, int days, Books books) => decimal.Round(numerator / days, books.Line.Terms.Currency.MinorUnits, MidpointRounding.AwayFromZero);

    private static IEnumerable<(string What, string How)> EveryChangeIsWished(Look look)
    {
        var intents = look.Database.Intents.GroupBy(intent => (intent.Line, intent.EffectiveOn)).ToDictionary(group => group.Key, group => group.MaxBy(intent => intent.Id)!);
        foreach (var line in look.Database.Lines.Values)
        {
            decimal? before = null;
            foreach (var date in line.Counts.Select(row => row.Count).GroupBy(count => count.EffectiveOn).OrderBy(group => group.Key))
            {
                var count = date.MaxBy(known => known.Sequence)!;
                var billed = Billed(line, count.Units);
                var wished = intents.GetValueOrDefault((line.Id, date.Key));
                if (wished is null && before is not null && before != billed && count.Source != "opening")
                    yield return (Text($"line {line.Id}"), Text($"bills {billed} units from {date.Key:yyyy-MM-dd}, and no PSA will hear of it"));
                if (wished is not null && wished.Desired != billed)
                    yield return (Text($"line {line.Id}"), Text($"wishes {wished.Desired} units from {date.Key:yyyy-MM-dd} and bills {billed}"));
                before = billed;
            }
        }

        foreach (var (line, date) in intents.Keys)
            if (!look.Database.Lines[line].Counts.Exists(row => row.Count.EffectiveOn == date))
                yield return (Text($"line {line}"), Text($"wishes units from {date:yyyy-MM-dd} without a count"));
    }

    private static decimal Billed(LineRow line, Units units)
    {
        if (line.Terms.Minimum is { } minimum && units < minimum) units = minimum;
        if (line.Terms.Maximum is { } maximum && units > maximum) units = maximum;
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

    private static IEnumerable<(string What, string How)> EveryCentHasItsCount(Look look)
    {
        foreach (var line in look.Database.Lines.Values)
        {
            foreach (var row in line.Ledger.Where(row => row.Entry.CountSequence > 0))
            {
                var cause = line.Counts.Find(count => count.Count.EffectiveOn == row.Entry.CountEffectiveOn && count.Count.Sequence == row.Entry.CountSequence);
                if (cause is null || cause.LineVersion > row.LineVersion || cause.Count.EffectiveOn > row.Entry.Days.From)
                    yield return (Text($"line {line.Id}"), Text($"version {row.LineVersion}, entry {row.Number} stands on a count that was not on record"));
            }
        }
    }
}
