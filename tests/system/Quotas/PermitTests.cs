using UsageBilling.Interfaces.Keys;
using UsageBilling.Interfaces.Vendors;
using UsageBilling.Runtime.Quotas;
using UsageBilling.Tests.System.Hosting;
using static UsageBilling.Tests.System.Quotas.PermitDesk;

namespace UsageBilling.Tests.System.Quotas;

/// <summary>Two silos ask one database whether they may call.</summary>
public sealed class PermitTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Two_silos_share_three_seats_and_the_fourth_call_waits_for_one()
    {
        var integration = await Integration(postgres);
        await using PermitDesk one = new(postgres), two = new(postgres);
        List<CallPermit> taken = [await one.Ask(integration, Rules()), await one.Ask(integration, Rules()), await two.Ask(integration, Rules())];

        var fourth = two.Ask(integration, Rules());
        await two.Clock.SomebodyWaits(TimeSpan.FromMilliseconds(20));
        Assert.Equal("call", await two.Call(integration, Rules(), "Contracts"));
        Assert.False(fourth.IsCompleted);
        await ((CallPermit.Granted)taken[0]).Seat.DisposeAsync();
        two.Clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.IsType<CallPermit.Granted>(await InTime(fourth, "the fourth seat"));
    }

    [Fact]
    public async Task A_call_that_finds_no_seat_in_time_is_held_back()
    {
        var integration = await Integration(postgres);
        await using PermitDesk one = new(postgres), two = new(postgres);
        await one.Ask(integration, Rules(seats: 1));

        var second = two.Call(integration, Rules(seats: 1));
        await two.Clock.SomebodyWaits(TimeSpan.FromMilliseconds(20));
        two.Clock.Advance(TimeSpan.FromSeconds(16));

        Assert.Equal("Withheld seats_taken", await InTime(second, "the refusal"));
    }

    [Fact]
    public async Task Seats_of_a_silo_that_goes_are_free()
    {
        var integration = await Integration(postgres);
        await using var two = new PermitDesk(postgres);
        await using (var one = new PermitDesk(postgres)) await one.Ask(integration, Rules(seats: 1));

        Assert.Equal("call", await InTime(two.Call(integration, Rules(seats: 1)), "the seat"));
    }

    [Fact]
    public async Task A_silo_that_loses_its_connection_is_told_to_break_its_calls_off_and_can_call_again()
    {
        var integration = await Integration(postgres);
        await using var one = new PermitDesk(postgres);
        var permit = (CallPermit.Granted)await one.Ask(integration, Rules(seats: 1), "Lost");
        var lost = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = permit.Lost.Register(() => lost.SetResult(true));

        await Sql($"select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid() and ((classid::bigint << 32) | objid::bigint) = hashtextextended('seat:{integration.Value}:Lost:1', 7410)");
        await one.Clock.SomebodyWaits(TimeSpan.FromSeconds(1));
        one.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await InTime(lost.Task, "the news of the lost seat"));
        await permit.Seat.DisposeAsync();
        Assert.Equal("call", await InTime(one.Call(integration, Rules(seats: 1), "Lost"), "a seat on another connection"));
    }

    [Fact]
    public async Task Two_silos_together_make_as_many_calls_as_the_budget_has()
    {
        var integration = await Integration(postgres);
        await using PermitDesk one = new(postgres), two = new(postgres);
        var calls = await Task.WhenAll(Until(one), Until(two));
        var refused = Assert.IsType<CallPermit.Refused>(await one.Ask(integration, Rules(calls: 60)));

        Assert.Equal(60, calls.Sum());
        Assert.Equal(("quota_spent", 60), (refused.Failure.Code, refused.Failure.RetryAfterSeconds));

        async Task<int> Until(PermitDesk desk)
        {
            for (var made = 0; ; made++)
                if (await desk.Call(integration, Rules(calls: 60)) != "call") return made;
        }
    }

    [Fact]
    public async Task Calls_that_were_not_made_in_a_minute_are_given_back_and_those_made_leave_after_the_window()
    {
        var integration = await Integration(postgres);
        await using PermitDesk one = new(postgres), two = new(postgres);
        Assert.Equal("call", await one.Call(integration, Rules(calls: 26)));
        Assert.Equal("call", await two.Call(integration, Rules(calls: 26)));
        Assert.Equal("Withheld quota_spent", await two.Call(integration, Rules(calls: 26)));

        one.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("call", await one.Call(integration, Rules(calls: 26)));
        Assert.Equal("1 1 24", await Chunks(integration));

        await one.DisposeAsync();
        Assert.Equal("1 1 1", await Chunks(integration));
        await Sql($"update vendor_chunk set taken_at = taken_at - interval '61 minutes' where integration_id = {integration.Value}");
        Assert.Equal("call", await two.Call(integration, Rules(calls: 26)));
        Assert.Equal("25", await Chunks(integration));
    }

    [Fact]
    public async Task Where_each_endpoint_has_a_limit_of_its_own_one_that_is_spent_does_not_stop_the_other()
    {
        var integration = await Integration(postgres);
        await using var one = new PermitDesk(postgres);
        var rules = Rules(calls: 1, perEndpoint: true);

        Assert.Equal("call", await one.Call(integration, rules, "Accounts"));
        Assert.Equal("Withheld quota_spent", await one.Call(integration, rules, "Accounts"));
        Assert.Equal("call", await one.Call(integration, rules, "Contracts"));
        Assert.Equal("call", await one.Call(integration, Rules(), "Accounts"));
    }

    /// <summary>What the vendor says is used by everybody of 10,000, and what is left to the hub, which has taken 25 and may have 45 per cent.</summary>
    [Theory]
    [InlineData(20, 0, 4500)]
    [InlineData(4025, 4000, 4500)]
    [InlineData(6025, 6000, 3000)]
    [InlineData(8925, 8900, 100)]
    [InlineData(9900, 9875, 0)]
    public async Task What_strangers_have_used_is_not_there_for_us(int used, int byOthers, int allowed)
    {
        var integration = await Integration(postgres);
        await using var one = new PermitDesk(postgres);
        var quota = new CallQuota(10_000, 45, 60, PerEndpoint: false);
        await one.Call(integration, new CallRules(3, quota, TimeSpan.Zero));

        Assert.Equal((byOthers, allowed), await new ObservedBudgets(postgres.Source).Observe(integration, quota, new ObservedQuota(used, 10_000, 60), default));
    }

    [Fact]
    public async Task One_silo_asks_the_vendor_and_again_after_five_minutes()
    {
        var integration = await Integration(postgres);
        var budgets = new ObservedBudgets(postgres.Source);
        var quota = new CallQuota(10_000, 45, 60, PerEndpoint: false);

        var first = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => budgets.ClaimAsking(integration, quota, default)));
        await Sql($"update vendor_budget set asked_at = asked_at - interval '5 minutes' where integration_id = {integration.Value}");
        var second = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => budgets.ClaimAsking(integration, quota, default)));

        Assert.Equal((1, 1), (first.Count(mine => mine), second.Count(mine => mine)));
    }

    [Fact]
    public async Task A_circuit_that_one_silo_opens_holds_for_all_and_one_call_probes_it()
    {
        var integration = await Integration(postgres);
        await using PermitDesk one = new(postgres), two = new(postgres);
        await one.Permits.OpenCircuit(integration, TimeSpan.FromMinutes(5), "server_error");

        var stopped = Assert.IsType<CallPermit.Refused>(await two.Ask(integration, Rules()));
        Assert.Equal((VendorFailureKind.CircuitOpen, "circuit_open"), (stopped.Failure.Kind, stopped.Failure.Code));
        Assert.InRange(stopped.Failure.RetryAfterSeconds!.Value, 200, 300);

        await Sql($"update vendor_circuit set open_until = now() where integration_id = {integration.Value}");
        var told = await Task.WhenAll(new[] { one, two, one, two }.Select((desk, number) => desk.Call(integration, Rules(), $"Endpoint{number}")));
        Assert.Equal("CircuitOpen circuit_open, CircuitOpen circuit_open, CircuitOpen circuit_open, probe", string.Join(", ", told.Order(StringComparer.Ordinal)));

        await two.Permits.CloseCircuit(integration);
        Assert.Equal("call", await one.Call(integration, Rules()));
    }

    [Fact]
    public async Task Refused_credentials_stop_every_silo_but_not_whoever_tests_them()
    {
        var integration = await Integration(postgres);
        await using var one = new PermitDesk(postgres);
        await Sql($"update integration set credentials = 3 where id = {integration.Value}");

        Assert.Equal("Withheld credentials_refused", await one.Call(integration, Rules()));
        Assert.Equal("call", await one.Call(integration, Rules(), proves: true));
    }

    [Fact]
    public async Task Without_the_database_there_is_no_permit_and_nothing_breaks()
    {
        await using var server = await PostgresFixture.OwnServer();
        await using var source = Npgsql.NpgsqlDataSource.Create(server.ConnectionString);
        await using var permits = new CallPermits(source, new Connectors.HandClock(), Microsoft.Extensions.Logging.Abstractions.NullLogger<CallPermits>.Instance);
        await server.Stop(immediate: true, default);

        var refused = Assert.IsType<CallPermit.Refused>(await permits.Take(Access(new IntegrationId(1)), "Companies", Rules(), default));
        await permits.OpenCircuit(new IntegrationId(1), TimeSpan.FromSeconds(1), "server_error");

        Assert.Equal("permits_unknown", refused.Failure.Code);
    }

    private async Task Sql(string sql)
    {
        await using var command = postgres.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Calls of each chunk that counts, in the order of their sizes.</summary>
    private async Task<string> Chunks(IntegrationId integration)
    {
        await using var command = postgres.Source.CreateCommand($"select string_agg(calls::text, ' ' order by calls) from vendor_chunk where integration_id = {integration.Value} and calls > 0");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
