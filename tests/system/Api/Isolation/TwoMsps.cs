using System.Globalization;
using Npgsql;
using UsageBilling.Api.Hosting;
using UsageBilling.Interfaces.Keys;
using UsageBilling.Runtime.Keys;
using UsageBilling.Tests.System.Hosting;

namespace UsageBilling.Tests.System.Api.Isolation;

/// <summary>
/// An api, and two msps with the same shapes of everything. Whatever an msp has, has the msp's number for its id, in every table; whatever has words, has the msp's word in them. So what is whose shows in an
/// answer, and any id of the other msp is known beforehand.
/// </summary>
public sealed class TwoMsps : IAsyncLifetime
{
    /// <summary>The msp whose keys are used.</summary>
    public static readonly MspNumbers Own = new(500_100, "Applewood");

    /// <summary>The msp of which nothing may be seen.</summary>
    public static readonly MspNumbers Other = new(700_300, "Zebrano");

    private NpgsqlDataSource source = null!;
    private ApiServer server = null!;

    public string ConnectionString { get; private set; } = "";

    /// <summary>The login that owns the database: it sees everything.</summary>
    public NpgsqlDataSource Source => source;

    public ApiServer Server => server;

    public Door Door { get; private set; } = null!;

    public Door OtherDoor { get; private set; } = null!;

    /// <summary>The public ids of keys that each msp may spare.</summary>
    public string SpareKey { get; private set; } = "";

    public string OtherSpareKey { get; private set; } = "";

    /// <summary>The last night of both.</summary>
    public DateOnly Night { get; private set; }

    public async Task InitializeAsync()
    {
        ConnectionString = await PostgresFixture.FreshDatabase();
        source = NpgsqlDataSource.Create(ConnectionString);
        await Sql(Seed);
        foreach (var (msp, word) in new[] { Own, Other }) await Sql(string.Create(CultureInfo.InvariantCulture, $"select seed({msp}, '{word}')"));
        server = await ApiServer.Start(new ApiOptions { ConnectionString = ConnectionString, RunWait = TimeSpan.FromMilliseconds(20) }, default);
        (Door, OtherDoor) = (new(server.BaseUrl, await Key(Own)), new(server.BaseUrl, await Key(Other)));
        (SpareKey, OtherSpareKey) = ((await Key(Own)).Split('_')[1], (await Key(Other)).Split('_')[1]);
        // no key is written about while it is looked whether anything has changed
        await Sql("update api_key set last_used_at = now() + interval '1 day'");
        Night = DateOnly.FromDateTime(await Scalar<DateTime>("select (now() at time zone 'utc')::date::timestamp"));
    }

    public async Task DisposeAsync()
    {
        Door.Dispose();
        OtherDoor.Dispose();
        await server.DisposeAsync();
        await source.DisposeAsync();
        await PostgresFixture.Drop(ConnectionString);
    }

    public async Task Sql(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> Texts(string sql) => await Texts(source, sql);

    public static async Task<IReadOnlyList<string>> Texts(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync()) texts.Add(reader.GetString(0));
        return texts;
    }

    /// <summary>Every table with rows of an msp, from the catalog; partitions are reached through the whole.</summary>
    public Task<IReadOnlyList<string>> Tables() => Texts("""
        select c.relname::text
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and (c.relname = 'msp' or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'msp_id' and not a.attisdropped))
        order by 1
        """);

    /// <summary>One number for everything that an msp has.</summary>
    public async Task<string> Fingerprint(long msp)
    {
        var tables = await Tables();
        var parts = tables.Select(table => string.Create(
            CultureInfo.InvariantCulture, $"select '{table} ' || md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) from {table} t where t.{(table == "msp" ? "id" : "msp_id")} = {msp}"));
        return string.Join("\n", await Texts(string.Join(" union all ", parts)));
    }

    private Task<string> Key(MspNumbers msp) => new ApiKeys(source).Create(new(msp.Id), $"{msp.Word} key", ApiScope.Superuser, default);

    private const string Seed = """
        create function seed(m bigint, word text) returns void language plpgsql as $$
        declare
            n date := (now() at time zone 'utc')::date;
            p date := date_trunc('month', now() at time zone 'utc')::date;
            q date := (date_trunc('month', now() at time zone 'utc') + interval '1 month')::date;
        begin
            insert into msp (id, name, zone, night_at) overriding system value values (m, word || ' MSP', 'UTC', '00:00');
            insert into msp_proration (msp_id, from_on, mode, change_day, day_count, line_style, line_rounding, unit_price_rounding, increases, decreases)
            values (m, q, 0, 0, 0, 0, 0, 0, 0, 0);
            insert into integration (id, msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products, credential_reason, reconciled_night, reconciled_at) overriding system value values
                (m, m, 'autotask', word || ' PSA', 'https://' || lower(word) || '.autotask.net/', word || ' user', word || ' secret', word || ' code', false, word || ' reason', n, now()),
                (m + 1, m, 'uniview', word || ' product', 'https://' || lower(word) || '.spanning.com/', word || ' client', word || ' secret', '', true, null, null, null),
                (m + 2, m, 'feed', word || ' feed', '', '', '', '', true, null, null, null),
                (m + 3, m, 'bms', word || ' BMS', 'https://' || lower(word) || '.bms.kaseya.com/', word || ' user', word || ' secret', word || ' company', false, null, null, null);
            insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, failure_code, failure_sentence, started_at)
            values (m + 1, n, m, 'incomplete', 1, 1, 0, 1, 0, 'timeout', word || ' did not answer', now());
            insert into vendor_budget (integration_id, endpoint, msp_id, window_minutes, allowed) values (m, word, m, 60, 100);
            insert into vendor_chunk (integration_id, endpoint, msp_id, calls) values (m, word, m, 25);
            insert into vendor_circuit (integration_id, msp_id, opened_at, open_until, reason) values (m, m, now(), now() + interval '1 day', word || ' is down');
            insert into organization (id, msp_id, name, remote_id, mapping_version) overriding system value values (m, m, word || ' customer', word || ' R', 1);
            insert into psa_account (id, msp_id, integration_id, remote_id, name, active) overriding system value values
                (m, m, m, m::text, word || ' account', true), (m + 1, m, m + 3, (m + 1)::text, word || ' account of the BMS', true);
            insert into product_tenant (id, msp_id, integration_id, product, remote_id, name, customer_remote_id, mapping_version) overriding system value
            values (m, m, m + 1, 'spanning-m365', word || ' T', word || ' tenant', word || ' R', 1);
            insert into tenant_count (tenant_id, metric, msp_id, units, evidence, reason, night, observed_at) values (m, 'standard_licences', m, 7, 1, word, n, now());
            insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at) values (m, 'standard_licences', n, 1, m, 7, 1, word, now());
            insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id) values (m, 1, n - 30, m, m);
            insert into organization_mapping (organization_id, version, from_on, msp_id, account_id) values (m, 1, n - 30, m, m);
            insert into contract (id, msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active) overriding system value
            values (m, m, m, m, word || ' C', word || ' contract', n - 365, n + 365, true), (m + 1, m, m + 3, m + 1, word || ' B', word || ' contract to which people add lines', n - 365, n + 365, true);
            update contract set period = 1 where id = m + 1;
            insert into psa_service (id, msp_id, integration_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost) overriding system value
            values (m, m, m + 3, m + 1, word || ' X', m::text, word || ' service', 3.5, 2.1);
            insert into service_line (id, msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, charged_until, basis, ver, extra, service_from, service_until)
            overriding system value values
                (m, m, m, word || ' L', word || ' S', word || ' line', 4.2, 2.1, 'USD', 1, (date_trunc('year', n) - interval '1 year')::date, q, 2, 2, 3, n - 365, n + 365),
                (m + 1, m, m, word || ' L1', word || ' S1', word || ' line that counts nothing', 4.2, 2.1, 'USD', 1, (date_trunc('year', n) - interval '1 year')::date, q, 0, 2, 0, n - 365, n + 365),
                (m + 2, m, m, word || ' L2', word || ' S2', word || ' line by hand', 4.2, 2.1, 'USD', 1, (date_trunc('year', n) - interval '1 year')::date, q, 1, 2, 0, n - 365, n + 365);
            insert into line_basis (line_id, product, metric, msp_id) values (m, 'spanning-m365', 'standard_licences', m);
            insert into line_price (line_id, effective_on, seq, msp_id, unit_price, line_ver) values (m, q, 1, m, 4.3, 2);
            insert into line_terms (line_id, from_on, seq, msp_id, minimum, tier_kind, line_ver) values (m, q, 1, m, 1, 0, 2);
            insert into line_tier (line_id, from_on, seq, step, msp_id, unit_price, flat_fee) values (m, q, 1, 1, m, 4.4, 0);
            insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver) values (m, p, 1, m, 5, n, word || ' opening', 1), (m, n, 1, m, 7, n, 'reading', 2);
            insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq) values
                (m, 1, 1, m, 'charge', p, q, p, q, 4, 4.2, 16.8, 'USD', n, p, 1), (m, 1, 2, m, 'charge', p, q, p, q, 1, 4.2, 4.2, 'USD', n, p, 1), (m, 2, 1, m, 'adjustment', p, q, n, q, 2, 4.2, 1, 'USD', n, n, 1);
            insert into hold (id, msp_id, line_id, reason, night, previous_units, proposed_units, agreeing, read_at, opened_at) overriding system value values (m, m, m, 'moved_too_far', n, 7, 40, 0, now(), now());
            insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night) values (1, m, 'read', m, 0, now() + interval '1 day', n + 1), (4, m + 1, 'read', m, 0, now() + interval '1 day', n + 1);
            insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night, attempt, parked_reason, parked_at) values (3, m, 'boundary', m, 0, now(), n, 5, word || ' broke', now());
            insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, attempt, parked_reason, parked_at, about) values (3, m, m, 0, 'inputs_changed', n, 1, 5, word || ' broke', now(), word);
            insert into intent (id, msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, state, code, sentence, night) overriding system value
            values (m, m, m, m, word || ' C', word || ' S', n, n, 7, 'parked', 'second_writer', word || ' was there', n);
            insert into drift (line_id, msp_id, integration_id, since_night, night, desired_units, observed_units, reason) values (m, m, m, n, n, 7, 9, 'intent_parked');
            insert into run (id, msp_id, kind, grain_kind, grain_id, state, code, sentence, finished_at) overriding system value values (m, m, 'import', 4, m, 'done', 'imported', word || ' was imported', now());
            insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after) values (m, now(), word || ' clerk', 'hold.release', 3, m, word, word);
            insert into posting (id, msp_id, kind, through_on, items, posted_by) overriding system value values (m, m, 'posting', n, 2, word || ' clerk');
            insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id) values (m, 1, 1, m, m), (m, 1, 2, m, m);
            insert into posting_total (posting_id, currency, msp_id, items, amount) values (m, 'USD', m, 2, 21);
            insert into posting_watermark (msp_id, ready_since) values (m, n - 3);
            insert into plan (id, msp_id, through_on, hash, items, blocked, created_by) overriding system value values (m, m, n, repeat('a', 64), 1, 0, word || ' clerk');
            insert into plan_item (plan_id, line_id, line_ver, entry_no, msp_id, hash) values (m, m, 2, 1, m, repeat('b', 64));
            insert into plan_total (plan_id, currency, msp_id, items, amount) values (m, 'USD', m, 1, 1);
            insert into plan_attention (plan_id, contract_id, currency, msp_id, code, adjustments, regular) values (m, m, 'USD', m, 'limits_none', 1, 21);
            insert into job (id, msp_id, name, action, month_day, run_at, next_on, due_at, created_by) overriding system value values (m, m, word || ' job', 'post_and_bill', 1, '18:00', q, q + time '18:00', word || ' clerk');
            insert into job_run (id, job_id, msp_id, scheduled_on, through_on, state, sentence, plan_id, started_at) overriding system value values (m, m, m, n, n, 'waits_for_approval', word || ' waits', m, now());
            insert into job_run_part (run_id, part_no, msp_id, account_id, state, plan_id) values (m, 1, m, m, 'waiting', m);
            insert into invoice_counter (msp_id, last_number) values (m, 1);
            insert into invoice (id, msp_id, number, account_id, currency, issued_on, total, lines, msp_name, account_name, job_run_id, issued_by) overriding system value
            values (m, m, 1, m, 'USD', n, 4.2, 1, word || ' MSP', word || ' account', m, word || ' clerk');
            insert into invoice_line (invoice_id, line_no, msp_id, line_id, line_ver, entry_no, contract_id, contract_name, item) values (m, 1, m, m, 1, 2, m, word || ' contract', word || ' line: 1 x 4.20');
            delete from invoice_due where line_id = m and entry_no = 2;
            insert into notice_setting (contract_id, msp_id, enabled, addresses, enabled_at) values (m, m, true, array[lower(word) || '@customer.test'], now());
            insert into notice (id, msp_id, contract_id, night, state, addresses, due_at, written_at, settled_at, code, sentence) overriding system value
            values (m, m, m, n, 'parked', array[lower(word) || '@customer.test'], now(), now(), now(), 'mail_refused', word || ' was refused');
            insert into notice_item (line_id, notice_id, msp_id, units_before, units_after, first_on, effective_on, prorated, currency, through_ver) values (m, m, m, 5, 7, n, n, 1, 'USD', 2);
            insert into desk_value (id, msp_id, integration_id, list, parent_remote_id, remote_id, name, active, preset, seen_in) overriding system value values (m, m, m, 'queue', '', '5', word || ' queue', true, false, 1);
            insert into desk_default (integration_id, field, msp_id, value, synced) values (m, 'account', m, m::text, true), (m, 'queue', m, '5', true);
            insert into desk_override (integration_id, organization_id, field, msp_id, value, synced) values (m, m, 'queue', m, null, true);
            insert into alert (id, msp_id, identity, open, occurrence, ticketed, severity, title, integration_id, organization_id, account_remote_id, raised_at, last_at) overriding system value
            values (m, m, word || ' alert', true, 1, true, 2, word || ' is on fire', m, m, m::text, now(), now());
            insert into ticket (id, msp_id, integration_id, alert_id, occurrence, title, details, account_remote_id, opened_at, state, remote_id, number, link) overriding system value
            values (m, m, m, m, 1, word || ' ticket', word, m::text, now(), 'open', word || ' 1', word || ' T1', 'https://' || lower(word) || '.autotask.net/1');
            insert into ticket_write (msp_id, integration_id, ticket_id, kind, title, text, at, state, code, sentence) values (m, m, m, 'note', word, word, now(), 'parked', 'not_visible', word);
            insert into webhook (id, msp_id, name, url, events, secret_protected, created_by) overriding system value
            values (m, m, word || ' webhook', 'https://' || lower(word) || '.example/hooks', array['units.changed', 'line.held', 'plan.ready', 'posting.applied', 'ticket.created'], word || ' secret', word || ' clerk');
            insert into webhook_delivery (id, msp_id, webhook_id, event, about, body, state, attempt, last_status, settled_at) overriding system value
            values (m, m, m, 'plan.ready', word, word, 'delivered', 1, 200, now());
            insert into feed (integration_id, msp_id, product, metrics) values (m + 2, m, 'graphus', array['active_licences']);
            insert into feed_snapshot (id, msp_id, integration_id, idempotency_key, request_sha256, as_of, complete, accepted, refused, fed_at, fed_by, taken_at) overriding system value
            values (m, m, m + 2, word || ' key', '\x00', n, false, 1, 0, now(), word || ' clerk', now());
            insert into feed_row (snapshot_id, row_no, msp_id, external_id, metric, units) values (m, 1, m, word || ' F', 'active_licences', 7);
            insert into repeatable_request (msp_id, key, asked, status, content_type, answer) values (m, 'walnut', '\x00', 200, 'application/json', convert_to(word, 'utf8'));
            -- whatever the msp gets later has an id that is no other's
            perform setval(pg_get_serial_sequence(c.relname, a.attname), m + 50)
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r';
        end
        $$;
        """;
}

/// <summary>By what an msp's rows are known.</summary>
/// <param name="Id">Of the msp, and of whatever it has one of.</param>
/// <param name="Word">In whatever of it has words.</param>
public sealed record MspNumbers(long Id, string Word);
