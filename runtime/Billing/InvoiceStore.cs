using Npgsql;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Isolation;
using UsageBilling.Runtime.Nights;
using UsageBilling.Runtime.Turns;
using UsageBilling.Runtime.Turns.Tables;

namespace UsageBilling.Runtime.Billing;

/// <summary>Makes invoices of what is posted: one for each account and currency, numbered without holes, and never changed again.</summary>
/// <param name="words">What a line of an invoice says.</param>
public sealed class InvoiceStore(NpgsqlDataSource database, ItemText words)
{
    /// <summary>Lines of one invoice.</summary>
    public const int LinesMax = 10_000;

    /// <summary>Accounts and currencies of one step.</summary>
    public const int AccountsMax = 1_000;

    /// <summary>Lines written by one statement, and held in memory.</summary>
    private const int ChunkLines = 2 * LinesMax;

    /// <summary>Makes them in a transaction of its own, or says what of the wish is not known; then nothing happened.</summary>
    /// <exception cref="PostgresException">Somebody else makes invoices of the msp for longer than the connection's lock timeout.</exception>
    public async Task<(InvoiceScope Scope, InvoicesMade Made)> Make(InvoiceWish wish, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wish);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.Begin(wish.Msp, cancellation);
        var scope = await Scope(connection, wish, cancellation);
        if (scope != InvoiceScope.Known) return (scope, InvoicesMade.Nothing);
        var made = await Make(connection, wish, cancellation);
        if (made.Invoices.Count > 0) await connection.Audit(wish.Msp, wish.Actor, "invoices.made", made.Invoices[0], "", $"invoices {string.Join(' ', made.Invoices)}", cancellation);
        await transaction.CommitAsync(cancellation);
        return (scope, made);
    }

    /// <summary>Makes them in the caller's transaction. Until it ends, nobody else makes invoices of the msp.</summary>
    internal async Task<InvoicesMade> Make(NpgsqlConnection connection, InvoiceWish wish, CancellationToken cancellation)
    {
        var number = await connection.One("Billing/lock_numbers", command => command.With(wish.Msp.Value), row => row.GetInt64(0), cancellation);
        var waiting = await connection.Rows(
            "Billing/to_invoice",
            command => command.With(wish.Msp.Value).With(wish.Account).With(wish.Contract).With(wish.Through).With(LinesMax).With(AccountsMax + 1),
            Waiting.FromRow, cancellation);
        var issuedOn = wish.IssuedOn ?? await Today(connection, wish.Msp.Value, cancellation);
        var step = waiting.Take(AccountsMax).ToList();
        var carried = step.Where(group => group.Reason is not null).Select(group => group.Carried()).ToList();
        var ids = new List<long>();
        foreach (var chunk in Chunks(step.Where(group => group.Reason is null)))
        {
            var drafts = await Drafts(connection, wish, chunk, cancellation);
            carried.AddRange(drafts.Select(draft => draft.Group).Where(group => group.Reason is not null).Select(group => group.Carried()));
            var invoices = drafts.Where(draft => draft.Group.Reason is null).Select(draft => draft with { Number = ++number }).ToList();
            if (invoices.Count > 0) ids.AddRange(await Write(connection, wish, issuedOn, invoices, cancellation));
        }

        await connection.Do("Billing/keep_number", command => command.With(wish.Msp.Value).With(number), cancellation);
        return new(ids, carried, waiting.Count > AccountsMax);
    }

    /// <summary>The msp's local date now.</summary>
    internal static async Task<DateOnly> Today(NpgsqlConnection connection, long msp, CancellationToken cancellation) => await connection.One(
        "Billing/msp_today", command => command.With(msp), row => NightCalendar.Of(row.GetString(1), TimeOnly.MinValue).NightAt(row.Instant(0)), cancellation);

    private static async Task<InvoiceScope> Scope(NpgsqlConnection connection, InvoiceWish wish, CancellationToken cancellation) => await connection.One(
        "Billing/scope",
        command => command.With(wish.Msp.Value).With(wish.Account).With(wish.Contract),
        row => !row.GetBoolean(0) ? InvoiceScope.AccountUnknown : !row.GetBoolean(1) ? InvoiceScope.ContractUnknown : InvoiceScope.Known,
        cancellation);

    /// <summary>What the invoices of some accounts would say. Sums are of the lines that one statement saw, whatever is posted meanwhile.</summary>
    private static async Task<List<Draft>> Drafts(NpgsqlConnection connection, InvoiceWish wish, List<Waiting> groups, CancellationToken cancellation)
    {
        var lines = await connection.Rows(
            "Billing/to_invoice_lines",
            command => command.With(wish.Msp.Value).With(wish.Contract).With(wish.Through).Column(groups, group => group.Account).Column(groups, group => group.Currency),
            Line.FromRow, cancellation);
        var names = groups.DistinctBy(group => group.Account).ToDictionary(group => group.Account, group => group.Name);
        return
        [
            .. lines.GroupBy(line => (line.Account, line.Currency)).Select(group => new Draft(
                0, new(group.Key.Account, names[group.Key.Account], group.Key.Currency, group.Sum(line => line.Amount), group.Count()), [.. group])),
        ];
    }

    private async Task<IEnumerable<long>> Write(
        NpgsqlConnection connection, InvoiceWish wish, DateOnly issuedOn, List<Draft> invoices, CancellationToken cancellation)
    {
        var lines = invoices.SelectMany(invoice => invoice.Lines.Select((line, place) => (invoice.Number, Place: place + 1, Line: line))).ToList();
        var ids = await connection.Rows(
            "Billing/add_invoices",
            command => command.With(wish.Msp.Value).With(issuedOn).With(wish.JobRun).With(wish.Actor)
                .Column(invoices, invoice => invoice.Number).Column(invoices, invoice => invoice.Group.Account).Column(invoices, invoice => invoice.Group.Currency)
                .Column(invoices, invoice => invoice.Group.Total).Column(invoices, invoice => invoice.Lines.Count),
            row => (Number: row.GetInt64(1), Id: row.GetInt64(0)), cancellation);
        await connection.Do(
            "Billing/add_invoice_lines",
            command => command.With(wish.Msp.Value).Column(lines, at => at.Number).Column(lines, at => at.Place)
                .Column(lines, at => at.Line.Id).Column(lines, at => at.Line.Version).Column(lines, at => at.Line.Entry)
                .Column(lines, at => at.Line.Contract).Column(lines, at => at.Line.ContractName).Column(lines, at => at.Line.Words(words)),
            cancellation);
        await connection.Do(
            "Billing/no_longer_due",
            command => command.With(wish.Msp.Value).Column(lines, at => at.Line.Id).Column(lines, at => at.Line.Version).Column(lines, at => at.Line.Entry),
            cancellation);
        return ids.Order().Select(made => made.Id);
    }

    /// <summary>As many invoices as one statement may have lines; at least one.</summary>
    private static IEnumerable<List<Waiting>> Chunks(IEnumerable<Waiting> groups)
    {
        var (chunk, lines) = (new List<Waiting>(), 0L);
        foreach (var group in groups)
        {
            if (chunk.Count > 0 && lines + group.Items > ChunkLines)
            {
                yield return chunk;
                (chunk, lines) = ([], 0);
            }

            chunk.Add(group);
            lines += group.Items;
        }

        if (chunk.Count > 0) yield return chunk;
    }

    private sealed record Waiting(long Account, string Name, string Currency, decimal Total, long Items)
    {
        public string? Reason => Total < 0 ? CarryReason.Credit : Items > LinesMax ? CarryReason.TooManyLines : null;

        public static Waiting FromRow(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetInt64(4));

        public CarriedForward Carried() => new(Account, Name, Currency, Total, Items, Reason!);
    }

    private sealed record Draft(long Number, Waiting Group, IReadOnlyList<Line> Lines);

    private sealed record Line(long Account, string Currency, long Id, int Version, short Entry, long Contract, string ContractName, string Service, string Kind, DateRange Period,
        DateRange Days, decimal Units, decimal Amount, UnitPrice Price, string? ChargedFor)
    {
        public static Line FromRow(NpgsqlDataReader row) => new(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt16(4), row.GetInt64(5), row.GetString(6),
            row.GetString(7), row.GetString(8), new(row.Date(9), row.Date(10)), new(row.Date(11), row.Date(12)), row.GetDecimal(13), row.GetDecimal(14),
            new(row.GetDecimal(15)), row.Text(16));

        public string Words(ItemText words) => words(new(Kind, Service, Period, Days, Units, Price, Interfaces.Values.Currency.Of(Currency), ChargedFor));
    }
}
