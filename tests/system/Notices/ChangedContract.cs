using Microsoft.Extensions.Logging.Abstractions;
using UsageBilling.Runtime.Intents;
using UsageBilling.Runtime.Notices;
using UsageBilling.Silo.Notices;
using UsageBilling.Tests.System.Api;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Notices;

/// <summary>A contract with two lines, whose turns are written by hand, and a silo's pass over the notices.</summary>
internal sealed class ChangedContract(HubFixture hub, long contract, long first, long second)
{
    private int turns = 1;

    public long Id => contract;

    public long First => first;

    public long Second => second;

    public static async Task<ChangedContract> Make(HubFixture hub)
    {
        var psa = await hub.Integration("autotask");
        var first = await hub.Line(psa, await hub.Account(psa));
        var contract = await hub.Sql("select contract_id from service_line where id = $1", first);
        var second = await hub.Sql(
            "insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, charged_until)"
            + " select msp_id, contract_id, remote_id || 'b', service_remote_id, 'Archived users', 2, currency, period, anchor_on, charged_until from service_line where id = $1 returning id",
            first);
        var made = new ChangedContract(hub, contract, first, second);
        foreach (var line in (long[])[first, second]) await made.Count(line, 10, -40, "opening", 1);
        return made;
    }

    public async Task Ask(params string[] addresses) =>
        Assert.Equal(200, (await hub.Operator.Put($"/v1/contracts/{contract}/notices", new { enabled = true, addresses })).Status);

    public async Task TurnOff() => Assert.Equal(200, (await hub.Operator.Put($"/v1/contracts/{contract}/notices", new { enabled = false, addresses = Array.Empty<string>() })).Status);

    /// <summary>What a turn writes that believes a count, and its adjustment.</summary>
    public async Task Change(long line, int units, decimal amount, int days = 0)
    {
        turns++;
        await hub.Sql("update service_line set ver = $2 where id = $1", line, turns);
        await Count(line, units, days, "reading", turns);
        await hub.Sql(
            "insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq)"
            + " values ($1, $2, 1, $3, 'adjustment', $4, $5, $4, $5, 1, 1, $6, 'USD', $4, $4, 1)",
            line, turns, hub.Msp.Value, hub.Night, hub.Night.AddDays(1), amount);
    }

    public Task Hold(long line) => hub.Sql(
        "insert into hold (msp_id, line_id, reason, night, previous_units, agreeing, read_at, opened_at) values ($1, $2, 'count_missing', $3, 10, 0, now(), now())", hub.Msp.Value, line, hub.Night);

    /// <summary>As if the night of its notices had been the one before.</summary>
    public Task NextNight() => hub.Sql("update notice set night = night - 1 where contract_id = $1", contract);

    public Task DueNow() => hub.Sql("update notice set due_at = now() - interval '1 second' where contract_id = $1 and state in ('due', 'failed')", contract);

    /// <summary>Its notices: state, attempt, code, who was told, who is still to be told.</summary>
    public async Task<string> Notices()
    {
        await using var command = hub.Source.CreateCommand(
            "select concat_ws(' | ', state, attempt, coalesce(code, '-'), array_to_string(told, ' '), array_to_string(addresses, ' ')) from notice where contract_id = $1 order by id");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<long> { TypedValue = contract });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return string.Join("\n", rows);
    }

    /// <summary>Waits until nothing of it is to be sent any more; the database announces what is done to notices.</summary>
    public async Task Settled()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60), Hub.Clock);
        await using var listener = await hub.Source.OpenConnectionAsync(timeout.Token);
        await using (var listen = new Npgsql.NpgsqlCommand("listen changed", listener)) await listen.ExecuteNonQueryAsync(timeout.Token);
        try
        {
            while (await hub.Sql("select count(*) from notice where contract_id = $1 and settled_at is null", contract) > 0) await listener.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The notice was not settled in a minute: {await Notices()}");
        }
    }

    /// <summary>One pass of a silo, with waits that suit a test.</summary>
    public static NoticePass Silo(HubFixture hub, INoticeSender sender, NoticeTimes? times = null) => new(
        new NoticeStore(hub.Source), new PostgresLockSessions(hub.Source), sender, new NoticeOptions { From = "hub@msp.example", Times = times ?? Times }, Hub.Clock, NullLogger<NoticePass>.Instance);

    public static NoticePass Silo(HubFixture hub, MailDesk desk, NoticeTimes? times = null) => Silo(hub, Sender(desk), times);

    public static SmtpSender Sender(MailDesk desk, bool tls = false, double seconds = 30) =>
        new(new MailServer { Host = "127.0.0.1", Port = desk.Port, StartTls = tls }, TimeSpan.FromSeconds(seconds), Hub.Clock);

    public static NoticeTimes Times { get; } = new() { LookEvery = TimeSpan.Zero, SettleFor = TimeSpan.Zero, RetryAfter = TimeSpan.FromHours(1) };

    private Task<long> Count(long line, int units, int days, string source, int version) => hub.Sql(
        "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)"
        + " select $1, $2, 1 + count(*), $3, $4, $5, $6, $7 from count_record where line_id = $1 and effective_on = $2",
        line, hub.Night.AddDays(days), hub.Msp.Value, (decimal)units, hub.Night, source, version);
}
