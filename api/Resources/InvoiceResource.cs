using Microsoft.AspNetCore.Mvc;
using Npgsql;
using UsageBilling.Api.Problems;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Billing;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Api.Resources;

/// <summary>An invoice without its lines.</summary>
/// <param name="Number">Of the msp's own count, without holes.</param>
/// <param name="Account">As it was called on the day of the invoice.</param>
/// <param name="JobRun">The run of a job that made it; null when a person did.</param>
internal sealed record InvoiceHeadResource(
    long Id, long Number, NamedResource Account, string Currency, DateOnly IssuedOn, string Total, int Lines, long? JobRun, DateTimeOffset IssuedAt, string IssuedBy)
{
    internal static InvoiceHeadResource FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), new(row.GetInt64(2), row.GetString(3)), row.GetString(4), row.Date(5), Words.Amount(row.GetDecimal(6), row.GetString(4)),
        row.GetInt32(7), row.IsDBNull(8) ? null : row.GetInt64(8), row.Instant(9), row.GetString(10));
}

/// <summary>A whole invoice. It never changes.</summary>
/// <param name="Msp">Who issued it, as it was called then.</param>
internal sealed record InvoiceResource(
    long Id, long Number, string Msp, NamedResource Account, string Currency, DateOnly IssuedOn, string Total, long? JobRun, DateTimeOffset IssuedAt,
    string IssuedBy, IReadOnlyList<InvoiceContractResource> Contracts);

/// <summary>What one contract contributes.</summary>
internal sealed record InvoiceContractResource(long Id, string Name, string Subtotal, IReadOnlyList<InvoiceLineResource> Lines);

/// <summary>One entry of the ledger, as it is billed.</summary>
/// <param name="LineId">With turn and entry the key of the entry in <c>/v1/lines/{id}/ledger</c>.</param>
/// <param name="Item">What the customer reads.</param>
/// <param name="Kind"><c>charge</c>, <c>adjustment</c>, <c>reversal</c> or <c>again</c>.</param>
/// <param name="From">The first day that the amount is for.</param>
/// <param name="Until">The day after the last.</param>
internal sealed record InvoiceLineResource(
    long LineId, int Turn, int Entry, string Item, string Kind, DateOnly PeriodFrom, DateOnly PeriodUntil, DateOnly From, DateOnly Until, string Units,
    string UnitPrice, string Amount);

/// <summary>An invoice as its rows have it.</summary>
internal sealed record InvoiceRows(InvoiceHeadResource Head, string Msp, IReadOnlyList<InvoiceLineRow> Lines)
{
    internal InvoiceResource ToJson() => new(
        Head.Id, Head.Number, Msp, Head.Account, Head.Currency, Head.IssuedOn, Head.Total, Head.JobRun, Head.IssuedAt, Head.IssuedBy,
        [
            .. Lines.GroupBy(line => line.Contract).Select(contract => new InvoiceContractResource(
                contract.Key, contract.First().ContractName, Words.Amount(contract.Sum(line => line.Amount), Head.Currency),
                [.. contract.Select(line => line.ToJson(Head.Currency))])),
        ]);
}

/// <summary>One line of it.</summary>
internal sealed record InvoiceLineRow(
    long Contract, string ContractName, long Line, int Turn, int Entry, string Item, string Kind, DateRange Period, DateRange Days, decimal Units, decimal Price, decimal Amount)
{
    internal static InvoiceLineRow FromRow(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt16(4), row.GetString(5), row.GetString(6),
        new(row.Date(7), row.Date(8)), new(row.Date(9), row.Date(10)), row.GetDecimal(11), row.GetDecimal(12), row.GetDecimal(13));

    internal InvoiceLineResource ToJson(string currency) => new(
        Line, Turn, Entry, Item, Kind, Period.From, Period.Until, Days.From, Days.Until, Words.Number(Units), Words.Amount(Price, currency), Words.Amount(Amount, currency));
}

/// <summary>What was posted, is on no invoice, and stays for the next.</summary>
/// <param name="Reason"><c>credit</c> or <c>too_many_lines</c>.</param>
internal sealed record CarriedForwardResource(NamedResource Account, string Currency, string Amount, long Items, string Reason)
{
    internal static CarriedForwardResource Of(CarriedForward carried) => new(
        new(carried.AccountId, carried.AccountName), carried.Currency, Words.Amount(carried.Amount, carried.Currency), carried.Items, carried.Reason);
}

/// <summary>What came of asking for invoices.</summary>
/// <param name="More">There is more than one request makes: ask again for the rest.</param>
internal sealed record InvoicesMadeResource(IReadOnlyList<InvoiceHeadResource> Invoices, IReadOnlyList<CarriedForwardResource> CarriedForward, bool More);

/// <summary>Which posted items are to be invoiced.</summary>
/// <param name="Account">Absent or null: every account.</param>
/// <param name="Contract">Absent or null: every contract.</param>
/// <param name="Through">Charges that become billable after this date wait; absent or null: everything that is posted.</param>
/// <param name="IssuedOn">The date of the invoices; absent or null: today in the msp's zone.</param>
internal sealed record NewInvoices(long? Account = null, long? Contract = null, DateOnly? Through = null, DateOnly? IssuedOn = null);

/// <summary>Which invoices are wanted.</summary>
/// <param name="From">Issued on this date or later.</param>
/// <param name="To">Issued on this date or earlier.</param>
internal sealed record InvoiceQuery(
    [FromQuery(Name = "account")] long? Account, [FromQuery(Name = "from")] DateOnly? From, [FromQuery(Name = "to")] DateOnly? To) : IChecked
{
    public IEnumerable<FieldError> Check()
    {
        if (From > To) yield return new("to", "Must not be before from.");
    }
}
