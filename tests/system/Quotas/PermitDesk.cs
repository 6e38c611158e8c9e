using Microsoft.Extensions.Logging.Abstractions;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Quotas;
using UsageBilling.Tests.System.Connectors;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Quotas;

/// <summary>The permits of one silo with a clock of its own, on a database that it shares with other desks.</summary>
internal sealed class PermitDesk(PostgresFixture postgres) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public HandClock Clock { get; } = new();

    public ICallPermits Permits => permits ??= new CallPermits(postgres.Source, Clock, NullLogger<CallPermits>.Instance);

    private CallPermits? permits;

    /// <summary>An integration that nobody has called.</summary>
    public static async Task<IntegrationId> Integration(PostgresFixture postgres)
    {
        await using var command = postgres.Source.CreateCommand("""
            with m as (insert into msp (name, zone) values ('Northwind', 'UTC') returning id)
            insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, reads_products)
            select id, 'autotask', 'Autotask', 'https://a.test/', 'u', 's', false from m
            returning id
            """);
        return new((long)(await command.ExecuteScalarAsync())!);
    }

    public static CallRules Rules(int seats = 3, int? calls = null, bool perEndpoint = false) =>
        new(seats, calls is { } most ? new CallQuota(most, 100, 60, perEndpoint) : null, TimeSpan.FromSeconds(30));

    public static VendorAccess Access(IntegrationId integration) => new(integration, new Uri("https://a.test/"), "u", "s", "c");

    public Task<CallPermit> Ask(IntegrationId integration, CallRules rules, string endpoint = "Companies", bool proves = false) =>
        Permits.Take(Access(integration) with { ProvesCredentials = proves }, endpoint, rules, CancellationToken.None);

    /// <summary>Takes a permit and is done with it: how it ended, in a word.</summary>
    public async Task<string> Call(IntegrationId integration, CallRules rules, string endpoint = "Companies", bool proves = false)
    {
        switch (await Ask(integration, rules, endpoint, proves))
        {
            case CallPermit.Granted granted:
                await granted.Seat.DisposeAsync();
                return granted.Probes ? "probe" : "call";
            case CallPermit.Refused refused:
                return $"{refused.Failure.Kind} {refused.Failure.Code}";
            default:
                throw new InvalidOperationException("A permit is granted or refused.");
        }
    }

    public static async Task<T> InTime<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience, Hub.Clock);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"This did not arrive in {Patience.TotalSeconds} s: {what}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (permits is not null) await permits.DisposeAsync();
        permits = null;
    }
}
