using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Postings;

/// <summary>A ledger entry as a review, a plan and a posting show it.</summary>
/// <param name="Line">The line, and with <paramref name="Key"/> the entry.</param>
/// <param name="Cause">The count record that caused it; null when there was none yet.</param>
/// <param name="PsaUnits">The units that the PSA is set to because of it; null when it has no effect there.</param>
/// <param name="Held">Whether the line keeps its last accepted count at the moment: it bills on with that.</param>
/// <param name="Billing">How often the line is charged.</param>
/// <param name="PsaEffect">What the PSA gets for it: <c>units</c>, <c>added_line</c> or <c>ticket</c>; null when it has no effect there.</param>
/// <param name="Block">Why it stays out of a posting; null when it does not. See <see cref="Interfaces.Billing.BlockReason"/>.</param>
public sealed record BillingItem(
    NamedId Line, EntryKey Key, LedgerEntry Entry, CountCause? Cause, NamedId Account, NamedId Contract, decimal? PsaUnits, bool Held, DateTimeOffset RecordedAt,
    BillingPeriod Billing, string? Block, string? PsaEffect)
{
    /// <summary>Versions and numbers as one number, in their order: with the line the place of an item in a list.</summary>
    public long Place => (Key.Version * 32768L) + Key.Number;

    /// <summary>Everything the item says that somebody approves, as a text. Names are not in it: they may be corrected. Units that the PSA takes as they are need no further word.</summary>
    public string Canonical => string.Create(
        CultureInfo.InvariantCulture,
        $"{Line.Id}|{Key.Version}|{Key.Number}|{Account.Id}|{Contract.Id}|{Entry.Kind}|{Entry.Period.From:yyyy-MM-dd}|{Entry.Period.Until:yyyy-MM-dd}|{Entry.Days.From:yyyy-MM-dd}|{Entry.Days.Until:yyyy-MM-dd}|{Entry.UnitsDelta:0.######}|{Entry.UnitPrice.Value:0.######}|{Entry.Amount.Amount:0.######}|{Entry.Amount.Currency}|{Entry.CountEffectiveOn:yyyy-MM-dd}|{Entry.CountSequence}|{Entry.Corrects?.Version}|{Entry.Corrects?.Number}|{PsaUnits:0.######}|{Block}{(PsaEffect is null or "units" ? "" : "|" + PsaEffect)}");

    /// <summary>SHA-256 of <see cref="Canonical"/>, in hexadecimal.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical)));

    /// <summary>Reads a row of a statement of <c>runtime/Sql/Postings</c> that lists items.</summary>
    public static BillingItem FromRow(NpgsqlDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new(
            new(row.GetInt64(0), row.GetString(19)),
            new(row.GetInt32(1), row.GetInt16(2)),
            EntryFromRow(row) with
            {
                Corrects = row.IsDBNull(17) ? null : new(row.GetInt32(17), row.GetInt16(18)),
                ChargedFor = row.Text(29),
                PriceFrom = row.MaybeDate(30),
                Terms = TermsFromRow(row, 31),
            },
            row.IsDBNull(15) ? null : new(row.Date(15), row.GetString(16)),
            new(row.GetInt64(20), row.GetString(21)),
            new(row.GetInt64(22), row.GetString(23)),
            row.IsDBNull(24) ? null : row.GetDecimal(24),
            row.GetBoolean(25),
            row.Instant(26),
            (BillingPeriod)row.GetInt16(27),
            row.Text(28),
            row.Text(33));
    }

    internal static TermsKey? TermsFromRow(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new(row.Date(column), row.GetInt32(column + 1));

    internal static LedgerEntry EntryFromRow(NpgsqlDataReader row) => new(
        row.GetString(3), new(row.Date(4), row.Date(5)), new(row.Date(6), row.Date(7)), row.GetDecimal(8), new(row.GetDecimal(9)),
        new(row.GetDecimal(10), Currency.Of(row.GetString(11))), row.Date(12), row.Date(13), row.GetInt32(14));
}

/// <summary>Something of the msp by its id and its name.</summary>
public sealed record NamedId(long Id, string Name);

/// <summary>Where a count record came from.</summary>
/// <param name="Night">The night that found it.</param>
/// <param name="Source">See <see cref="CountRecord"/>.</param>
public sealed record CountCause(DateOnly Night, string Source);
