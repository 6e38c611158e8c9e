using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UsageBilling.Interfaces.Desk;
using UsageBilling.Runtime.Migrations;
using UsageBilling.Runtime.Secrets;
using UsageBilling.Sandbox;

namespace UsageBilling.Benchmarks.Faults;

/// <summary>A PSA of a run as the hub knows it.</summary>
/// <param name="Lines">Those whose units are changed.</param>
/// <param name="Remotes">What they are called there, in the same order.</param>
/// <param name="Settings">What its tickets are opened with.</param>
internal sealed record StagedPsa(PretendPsa Psa, long Integration, IReadOnlyList<long> Lines, IReadOnlyList<RemoteLine> Remotes, IReadOnlyList<EffectiveSetting> Settings)
{
    private readonly Dictionary<(string?, string?), string> ofService = (Psa.AddsLines ? Remotes : []).ToDictionary(line => ((string?)line.Contract, (string?)line.Service), line => line.Name);

    /// <summary>With the name that the hub has for the line, where the PSA gives each added line a number of its own.</summary>
    public Applied Named(Applied entry) => ofService.TryGetValue((entry.Contract, entry.Service), out var name) ? entry with { Line = name } : entry;
}

/// <summary>A line as its PSA knows it.</summary>
/// <param name="Name">What changes of it go by.</param>
/// <param name="Own">The PSA's own line, which it had before the hub came.</param>
/// <param name="Service">What it sells; empty when the PSA does not say.</param>
internal sealed record RemoteLine(string Name, string Own, string Contract, string Service);

/// <summary>A database, vendors and one silo in a process of its own, all in the same fast time; imported and set up before anything goes wrong.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly TimeSpan RunsLongest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly BenchDatabase server;
    private readonly string connection;
    private readonly FaultPlan plan;
    private BenchSilo? silo;

    private Stage(BenchDatabase server, string connection, FaultPlan plan, FastClock clock, VendorWindow vendors)
    {
        (this.server, this.connection, this.plan, Clock, Vendors) = (server, connection, plan, clock, vendors);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "usagebilling-api", Options = "-c lock_timeout=2s" });
        People = new(Database);
    }

    public FastClock Clock { get; }

    public VendorWindow Vendors { get; }

    public NpgsqlDataSource Database { get; }

    public People People { get; }

    public IReadOnlyList<StagedPsa> Psas { get; private set; } = [];

    public int Kills { get; private set; }

    public DateOnly Today => DateOnly.FromDateTime(Clock.Began.UtcDateTime);

    public static async Task<Stage> Set(FaultPlan plan, BenchDatabase server, CancellationToken cancellation)
    {
        var clock = FastClock.FromNow(plan.Speed);
        var connection = await server.Create(null, cancellation);
        await using (var once = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }))
        {
            await Statement.Execute(once, "fast_clock", cancellation);
            await Statement.Execute(once, "set_pace", cancellation, clock.BeganText, $"{clock.Speed}");
            await MigrationRunner.Run(once, cancellation);
        }

        var stage = new Stage(server, connection, plan, clock, await VendorWindow.Open(clock, plan.Lines, cancellation));
        try
        {
            await stage.Prepare(cancellation);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a power cut would, and another silo begins where it stopped.</summary>
    public async Task Kill(CancellationToken cancellation)
    {
        await silo!.Kill();
        await silo.DisposeAsync();
        Kills++;
        await StartSilo(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (silo is not null) await silo.DisposeAsync();
        await Vendors.DisposeAsync();
        await Database.DisposeAsync();
        await server.Drop(connection);
    }

    private async Task Prepare(CancellationToken cancellation)
    {
        await Statement.Execute(Database, "fault_msp", cancellation);
        var integrations = new List<(PretendPsa Psa, long Id)>();
        foreach (var psa in plan.Psas) integrations.Add((psa, await Integrate(psa, cancellation)));
        await StartSilo(cancellation);
        await UntilRunsEnded(cancellation);
        var staged = new List<StagedPsa>();
        foreach (var (psa, id) in integrations)
        {
            var lines = await Lines(psa, id, cancellation);
            staged.Add(new(psa, id, lines, await Remotes(lines, cancellation), await Settings(psa, id, cancellation)));
        }

        Psas = staged;
    }

    private async Task StartSilo(CancellationToken cancellation) => silo = await BenchSilo.StartFast(connection, FastSilo.Words(Clock, plan.BmsSharePercent), cancellation);

    private async Task<long> Integrate(PretendPsa psa, CancellationToken cancellation)
    {
        var services = new ServiceCollection();
        SecretVault.AddTo(services, Database);
        await using var provider = services.BuildServiceProvider();
        var secret = provider.GetRequiredService<SecretVault>().Protect(People.Msp.Value, Demo.Secret);
        return await Statement.Scalar<long>(Database, "fault_psa", cancellation, psa.Kind, Vendors.Address(psa).AbsoluteUri, psa.User, secret, psa.Code);
    }

    private async Task UntilRunsEnded(CancellationToken cancellation)
    {
        var began = Machine.Clock.GetTimestamp();
        while (await Statement.Flags(Database, "fault_runs", cancellation) is var ended && ended is not [true, true])
        {
            if (ended[0]) throw new BenchException("A PSA could not be imported although nothing had gone wrong yet.");
            if (Machine.Clock.GetElapsedTime(began) > RunsLongest) throw new BenchException($"The imports took longer than {RunsLongest.TotalMinutes:0} minutes.");
            await Task.Delay(LookEvery, Machine.Clock, cancellation);
        }
    }

    private async Task<IReadOnlyList<long>> Lines(PretendPsa psa, long integration, CancellationToken cancellation)
    {
        if (psa.AddsLines) await Statement.Execute(Database, "fault_add_lines", cancellation, integration, Today.AddDays(-Book.LinesSinceDaysAgo), (decimal)Book.Units, Book.FirstKaseyaLine);
        var lines = await Statement.Scalar<long[]>(Database, "fault_lines", cancellation, integration, plan.Lines);
        foreach (var line in lines) await People.WillGiveUnits(line, cancellation);
        return lines;
    }

    private async Task<IReadOnlyList<RemoteLine>> Remotes(IReadOnlyList<long> lines, CancellationToken cancellation) => await Statement.Rows(
        Database, "fault_remote_lines", row => new RemoteLine(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancellation, lines);

    private async Task<IReadOnlyList<EffectiveSetting>> Settings(PretendPsa psa, long integration, CancellationToken cancellation)
    {
        var account = await Statement.Scalar<string>(Database, "fault_account", cancellation, integration);
        var settings = new Dictionary<string, string?> { [DeskField.Account.Name] = account };
        foreach (var (field, name, of) in new[]
        {
            (DeskField.Status, psa.Opens, ""), (DeskField.CloseStatus, psa.Closes, ""), (DeskField.Queue, "", ""), (DeskField.Priority(AlertSeverity.Critical), "Critical", ""),
            (DeskField.Priority(AlertSeverity.Moderate), "Medium", ""),
            (DeskField.Location, "", account), (DeskField.TicketType, "Alert", ""), (DeskField.Source, "Monitoring System", ""),
        })
        {
            if (psa.Kind == PretendPsa.Autotask && (field == DeskField.Location || field == DeskField.TicketType || field == DeskField.Source)) continue;
            settings[field.Name] = await Statement.Scalar<string>(Database, "fault_value", cancellation, integration, DeskListName.Of(field.List), name, of);
        }

        await People.Choose(integration, settings, cancellation);
        return await People.Settings(integration, cancellation);
    }
}
