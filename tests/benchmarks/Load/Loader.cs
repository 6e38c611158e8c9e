using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;

namespace UsageBilling.Benchmarks.Load;

/// <summary>Fills an empty database with a population as it stands on the evening before the first night, by COPY.</summary>
internal sealed class Loader(NpgsqlDataSource database, Population population, FailingLines failing, Action<string> progress)
{
    private static readonly DateOnly Start = new(2025, 1, 1);

    /// <summary>More weeks ago than a line can count: its turns break.</summary>
    private static readonly DateOnly TooLongAgo = new(1500, 1, 1);

    /// <summary>Rows under way are told of this often.</summary>
    private const int ProgressRows = 500_000;

    /// <param name="night">The night that is to come.</param>
    public async Task Load(DateOnly night, CancellationToken cancellation)
    {
        await MigrationRunner.Run(database, cancellation);
        await Msps(cancellation);
        await Accounts(cancellation);
        await Tenants(night, cancellation);
        await Lines(night, cancellation);
        progress("vacuum and analyze");
        await Statement.Run(database, "end_load", cancellation);
        await Statement.Run(database, "vacuum", cancellation);
    }

    private async Task Msps(CancellationToken cancellation)
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, database);
        await using var provider = services.BuildServiceProvider();
        var vault = provider.GetRequiredService<SecretVault>();
        var msps = Enumerable.Range(0, population.AllMsps).ToList();
        await Copy("msp (id, name, zone, night_at)", msps, async (row, msp) =>
        {
            await row.WriteAsync((long)msp + 1, cancellation);
            await row.WriteAsync($"msp {msp + 1}", cancellation);
            await row.WriteAsync("UTC", cancellation);
            await row.WriteAsync(TimeOnly.MinValue, cancellation);
        }, cancellation);
        var integrations = msps.SelectMany(msp => new[] { (msp, Psa: false), (msp, Psa: true) });
        await Copy("integration (id, msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products, credentials)", integrations, async (row, one) =>
        {
            await row.WriteAsync((2L * one.msp) + (one.Psa ? 2 : 1), cancellation);
            await row.WriteAsync((long)one.msp + 1, cancellation);
            await row.WriteAsync(one.Psa ? "autotask" : PopulationSource.KindName, cancellation);
            await row.WriteAsync(one.Psa ? "psa" : "product", cancellation);
            await row.WriteAsync("https://bench.invalid/", cancellation);
            await row.WriteAsync("bench", cancellation);
            await row.WriteAsync(vault.Protect(one.msp + 1, "bench"), cancellation);
            await row.WriteAsync("0", cancellation);
            await row.WriteAsync(!one.Psa, cancellation);
            await row.WriteAsync((short)2, cancellation);
        }, cancellation);
    }

    private async Task Accounts(CancellationToken cancellation)
    {
        var accounts = Enumerable.Range(0, population.AllAccounts).ToList();
        await Copy("organization (id, msp_id, name)", accounts, async (row, account) =>
        {
            await row.WriteAsync(account + 1L, cancellation);
            await row.WriteAsync(population.MspOf(account) + 1L, cancellation);
            await row.WriteAsync($"customer {account}", cancellation);
        }, cancellation);
        await Copy("psa_account (id, msp_id, integration_id, remote_id, name, active)", accounts, async (row, account) =>
        {
            await row.WriteAsync(account + 1L, cancellation);
            await row.WriteAsync(population.MspOf(account) + 1L, cancellation);
            await row.WriteAsync((2L * population.MspOf(account)) + 2, cancellation);
            await row.WriteAsync($"account-{account}", cancellation);
            await row.WriteAsync($"customer {account}", cancellation);
            await row.WriteAsync(true, cancellation);
        }, cancellation);
        await Copy("organization_mapping (organization_id, version, from_on, msp_id, account_id)", accounts, async (row, account) =>
        {
            await row.WriteAsync(account + 1L, cancellation);
            await row.WriteAsync(1, cancellation);
            await row.WriteAsync(Start, cancellation);
            await row.WriteAsync(population.MspOf(account) + 1L, cancellation);
            await row.WriteAsync(account + 1L, cancellation);
        }, cancellation);
        await Copy("contract (id, msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active)", accounts, async (row, account) =>
        {
            await row.WriteAsync(account + 1L, cancellation);
            await row.WriteAsync(population.MspOf(account) + 1L, cancellation);
            await row.WriteAsync((2L * population.MspOf(account)) + 2, cancellation);
            await row.WriteAsync(account + 1L, cancellation);
            await row.WriteAsync($"contract-{account}", cancellation);
            await row.WriteAsync($"contract {account}", cancellation);
            await row.WriteAsync(Start, cancellation);
            await row.WriteAsync(Start.AddYears(10), cancellation);
            await row.WriteAsync(true, cancellation);
        }, cancellation);
    }

    private async Task Tenants(DateOnly night, CancellationToken cancellation)
    {
        var tenants = Enumerable.Range(0, population.AllAccounts).SelectMany(Population.TenantsOf, (account, tenant) => (account, tenant)).ToList();
        await Copy("product_tenant (id, msp_id, integration_id, product, remote_id, name, mapping_version)", tenants, async (row, one) =>
        {
            await row.WriteAsync(one.tenant + 1L, cancellation);
            await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
            await row.WriteAsync((2L * population.MspOf(one.account)) + 1, cancellation);
            await row.WriteAsync(PopulationSource.Product, cancellation);
            await row.WriteAsync(PopulationSource.RemoteId(one.tenant), cancellation);
            await row.WriteAsync(PopulationSource.RemoteId(one.tenant), cancellation);
            await row.WriteAsync(1, cancellation);
        }, cancellation);
        await Copy("tenant_mapping (tenant_id, version, from_on, msp_id, organization_id)", tenants, async (row, one) =>
        {
            await row.WriteAsync(one.tenant + 1L, cancellation);
            await row.WriteAsync(1, cancellation);
            await row.WriteAsync(Start, cancellation);
            await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
            await row.WriteAsync(one.account + 1L, cancellation);
        }, cancellation);
        await Counts("tenant_count (tenant_id, metric, msp_id, units, evidence, night, observed_at)", tenants, night, numbered: false, cancellation);
        await Counts("reading (tenant_id, metric, msp_id, units, evidence, night, observed_at, read_no)", tenants, night, numbered: true, cancellation);
        await Reminders(tenants.Select(one => (Kind: (short)1, Grain: one.tenant + 1L, "read", Msp: population.MspOf(one.account) + 1L, Shard: (short)((one.tenant + 1) % 64), DateTimeOffset.UnixEpoch, night)), cancellation);
        await Reminders(Enumerable.Range(0, population.AllMsps).Select(msp => (Kind: (short)4, Grain: (2L * msp) + 1, "read", Msp: msp + 1L, Shard: (short)(((2 * msp) + 1) % 64), DateTimeOffset.MaxValue, night)), cancellation);
    }

    private Task Counts(string table, IEnumerable<(int account, int tenant)> tenants, DateOnly night, bool numbered, CancellationToken cancellation)
    {
        var rows = tenants.SelectMany(one => new[] { ("standard_licences", true), ("archived_licences", false) }, (one, metric) => (one.account, one.tenant, Metric: metric.Item1, Standard: metric.Item2));
        var observed = new DateTimeOffset(night.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return Copy(table, rows, async (row, one) =>
        {
            var (standard, archived) = population.Counts(one.account, one.tenant, 0);
            await row.WriteAsync(one.tenant + 1L, cancellation);
            await row.WriteAsync(one.Metric, cancellation);
            await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
            await row.WriteAsync((decimal)(one.Standard ? standard : archived), cancellation);
            await row.WriteAsync((short)1, cancellation);
            await row.WriteAsync(night.AddDays(-1), cancellation);
            await row.WriteAsync(observed, NpgsqlDbType.TimestampTz, cancellation);
            if (numbered) await row.WriteAsync((short)1, cancellation);
        }, cancellation);
    }

    private async Task Lines(DateOnly night, CancellationToken cancellation)
    {
        var lines = Enumerable.Range(0, population.AllAccounts).SelectMany(_ => Enumerable.Range(0, Population.LinesPerContract), (account, line) => (account, line, Id: (account * (long)Population.LinesPerContract) + line + 1));
        await Copy(
            "service_line (id, msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, basis, charged_until)",
            lines,
            async (row, one) =>
            {
                await row.WriteAsync(one.Id, cancellation);
                await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
                await row.WriteAsync(one.account + 1L, cancellation);
                await row.WriteAsync($"line-{one.Id}", cancellation);
                await row.WriteAsync($"service-{one.line}", cancellation);
                await row.WriteAsync($"service {one.line}", cancellation);
                await row.WriteAsync(Population.Price(one.line), cancellation);
                await row.WriteAsync("USD", cancellation);
                var breaks = failing.Of(one.account, one.line).Breaks;
                await row.WriteAsync((short)(breaks ? BillingPeriod.Weekly : BillingPeriod.Monthly), cancellation);
                await row.WriteAsync(breaks ? TooLongAgo : Anchor(one.account, night), cancellation);
                await row.WriteAsync((short)2, cancellation);
                await row.WriteAsync(ChargedUntil(one.account, night), cancellation);
            },
            cancellation);
        var metrics = lines.SelectMany(one => MetricsOf(one.line), (one, metric) => (one.account, one.Id, metric));
        await Copy("line_basis (line_id, product, metric, msp_id)", metrics, async (row, one) =>
        {
            await row.WriteAsync(one.Id, cancellation);
            await row.WriteAsync(PopulationSource.Product, cancellation);
            await row.WriteAsync(one.metric, cancellation);
            await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
        }, cancellation);
        await Copy("count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)", lines, async (row, one) =>
        {
            await row.WriteAsync(one.Id, cancellation);
            await row.WriteAsync(Start, cancellation);
            await row.WriteAsync(1, cancellation);
            await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
            await row.WriteAsync((decimal)population.Units(one.account, one.line, 0), cancellation);
            await row.WriteAsync(night, cancellation);
            await row.WriteAsync("opening", cancellation);
            await row.WriteAsync(0, cancellation);
        }, cancellation);
        var refused = lines.Where(one => failing.Of(one.account, one.line).Refused);
        await Copy(
            "ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)",
            refused,
            async (row, one) =>
            {
                await row.WriteAsync(one.Id, cancellation);
                await row.WriteAsync(1, cancellation);
                await row.WriteAsync((short)1, cancellation);
                await row.WriteAsync(population.MspOf(one.account) + 1L, cancellation);
                await row.WriteAsync("adjustment", cancellation);
                for (var date = 0; date < 2; date++)
                {
                    await row.WriteAsync(Start, cancellation);
                    await row.WriteAsync(Start.AddDays(1), cancellation);
                }

                for (var number = 0; number < 3; number++) await row.WriteAsync(0m, cancellation);
                await row.WriteAsync("USD", cancellation);
                await row.WriteAsync(Start, cancellation);
                await row.WriteAsync(Start, cancellation);
                await row.WriteAsync(1, cancellation);
            },
            cancellation);
        await Reminders(
            lines.Select(one => ((short)3, one.Id, "boundary", population.MspOf(one.account) + 1L, (short)((one.account + 1) % 64), Midnight(ChargedUntil(one.account, night)), ChargedUntil(one.account, night))),
            cancellation);
    }

    /// <summary>Days after the night on which no period begins, so that nothing but readings moves in the nights that are measured.</summary>
    private const int QuietDays = 3;

    private static DateOnly Anchor(int account, DateOnly night)
    {
        var anchor = Start.AddDays(account % 28);
        return Next(anchor, night) <= night.AddDays(QuietDays) ? Start.AddDays((account + 7) % 28) : anchor;
    }

    /// <summary>The first day of the next period: the one that the night lies in is charged.</summary>
    private static DateOnly ChargedUntil(int account, DateOnly night) => Next(Anchor(account, night), night);

    private static DateOnly Next(DateOnly anchor, DateOnly night)
    {
        var inMonth = new DateOnly(night.Year, night.Month, anchor.Day);
        return inMonth > night ? inMonth : inMonth.AddMonths(1);
    }

    private static DateTimeOffset Midnight(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static IEnumerable<string> MetricsOf(int line)
    {
        var (standard, archived) = Population.Basis(line);
        if (archived) yield return "archived_licences";
        if (standard) yield return "standard_licences";
    }

    private Task Reminders(IEnumerable<(short Kind, long Grain, string Name, long Msp, short Shard, DateTimeOffset DueAt, DateOnly Night)> reminders, CancellationToken cancellation) =>
        Copy("reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night)", reminders, async (row, reminder) =>
        {
            await row.WriteAsync(reminder.Kind, cancellation);
            await row.WriteAsync(reminder.Grain, cancellation);
            await row.WriteAsync(reminder.Name, cancellation);
            await row.WriteAsync(reminder.Msp, cancellation);
            await row.WriteAsync(reminder.Shard, cancellation);
            await row.WriteAsync(reminder.DueAt, NpgsqlDbType.TimestampTz, cancellation);
            await row.WriteAsync(reminder.Night, cancellation);
        }, cancellation);

    private async Task Copy<T>(string target, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write, CancellationToken cancellation)
    {
        var table = target.Split(' ')[0];
        progress(table);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var import = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)", cancellation);
        import.Timeout = Machine.CopyLongest;
        var written = 0;
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellation);
            await write(import, row);
            if (++written % ProgressRows == 0) progress($"{table}, {written:N0} rows");
        }

        await import.CompleteAsync(cancellation);
    }
}
