namespace UsageBilling.Runtime.Invariants;

/// <summary>Something that is true of every hub at every instant, whatever died. Its SQL returns no row while it holds.</summary>
/// <param name="Id">I1 to I16.</param>
/// <param name="Sentence">What is true, with what is allowed meanwhile.</param>
/// <param name="Sql">The statement below <c>runtime/Sql</c>.</param>
/// <param name="Needs">What the statement asks for besides how many rows.</param>
public sealed record Invariant(string Id, string Sentence, string Sql, InvariantNeeds Needs = InvariantNeeds.Nothing)
{
    /// <summary>Every invariant, in order.</summary>
    public static IReadOnlyList<Invariant> All { get; } =
    [
        new("I1", "A turn's ledger entries are numbered from 1 without a gap, one turn alone charges a period, a posting has its items and their sum, and nothing is ready before the night from which that is looked for.",
            "Invariants/i01_posted_once"),
        new("I2", "A finished night has a reading of every tenant known before it, the night a source is read through is finished, and a line counts what its mapped tenants add up to; unless it is parked or held, a message waits for it, or a person spoke.",
            "Invariants/i02_no_night_is_lost", InvariantNeeds.Instant),
        new("I3", "On every charged day the units in the ledger are those of the count records, less what the PSA had charged by itself.", "Invariants/i03_units_are_counts"),
        new("I4", "A period's amounts are its exact total, rounded once, less what the PSA had charged by itself.", "Invariants/i04_amounts_are_exact"),
        new("I5", "Every tenant, source and running line has its reminder, or a message that will set it.", "Invariants/i05_everybody_is_woken", InvariantNeeds.Instant),
        new("I6", "Every change of the units a PSA bills has an intent, in whatever state, and the newest one wishes what the count records say.", "Invariants/i06_every_change_is_wished"),
        new("I7", "One pending intent per line and date, one in flight per contract, one open hold per line; a line that follows another begins where that one ends.", "Invariants/i07_one_at_a_time"),
        new("I8", "The vendor shows what was confirmed last, unless more is on its way or needs a person.", "Invariants/i08_vendor_has_what_was_confirmed", InvariantNeeds.VendorUnits),
        new("I9", "The vendor applied no change more often than the hub meant it.", "Invariants/i09_nothing_applied_twice", InvariantNeeds.VendorJournal),
        new("I10", "Nothing is counted or posted before its night, nor charged before its period.", "Invariants/i10_nothing_early", InvariantNeeds.Instant),
        new("I11", "Count records, ledger, postings and audit cannot be changed.", "Invariants/i11_nothing_rewritten"),
        new("I12", "Whatever belongs together belongs to one msp.", "Invariants/i12_one_msp_throughout"),
        new("I13", "Every ledger entry names the count record that caused it and was there before it.", "Invariants/i13_every_cent_has_its_count"),
        new("I14", "Nothing is due for more than two hours, unless it is parked.", "Invariants/i14_nothing_hangs", InvariantNeeds.Instant),
        new("I15", "An msp's invoices are numbered from 1 without a hole, an invoice is the sum of its lines, and an entry is on one at most.", "Invariants/i15_invoices_are_whole"),
        new("I16", "What is posted waits for an invoice or is on one, and nothing else does.", "Invariants/i16_posted_is_due_or_invoiced"),
    ];
}

/// <summary>What the statement of an invariant asks for.</summary>
public enum InvariantNeeds
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The instant at which it is looked at.</summary>
    Instant,

    /// <summary>What the vendor shows.</summary>
    VendorUnits,

    /// <summary>What the vendor applied.</summary>
    VendorJournal,
}

/// <summary>Units that a vendor shows for a service on a date.</summary>
public sealed record VendorUnits(long Integration, string ServiceRemoteId, DateOnly On, decimal Units);

/// <summary>A change of units that a vendor applied because the hub asked for it.</summary>
public sealed record VendorApplied(long Integration, string ServiceRemoteId, DateOnly On);

/// <summary>What a vendor can tell, for the invariants that are about it.</summary>
/// <param name="Shows">Leave services out that other hands changed.</param>
public sealed record VendorView(IReadOnlyList<VendorUnits> Shows, IReadOnlyList<VendorApplied> Applied)
{
    /// <summary>A vendor that shows nothing.</summary>
    public static VendorView Nothing { get; } = new([], []);
}

/// <summary>One thing that must not be.</summary>
/// <param name="Of">How many of this invariant there are.</param>
public sealed record Breach(string Invariant, string What, string How, long Of)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Invariant}: {What} {How}";
}
