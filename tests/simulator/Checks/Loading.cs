using Npgsql;
using UsageBilling.Interfaces.Grains;
using UsageBilling.Interfaces.Values;
using UsageBilling.Runtime.Turns.Tables;
using UsageBilling.Tests.Simulator.Store;

namespace UsageBilling.Tests.Simulator.Checks;

/// <summary>Writes a simulated database into a real one as it stands, wrong rows too: what would refuse them is taken away first.</summary>
internal static class Loading
{
    private const string Permissive = "drop index intent_pending_once; drop index intent_in_flight_once; drop index hold_open";

    public static async Task Load(Database database, NpgsqlDataSource target)
    {
        await using (var permissive = target.CreateCommand(Permissive)) await permissive.ExecuteNonQueryAsync();
        await using var connection = await target.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        Owners(database, batch);
        Tenants(database, batch);
        Lines(database, batch);
        Work(database, batch);
        await batch.ExecuteNonQueryAsync();
    }

    private static void Owners(Database database, NpgsqlBatch batch)
    {
        foreach (var msp in database.Msps.Values)
        {
            Row(batch, "insert into msp (id, name, zone, night_at, currency) overriding system value values ($1, $2, $3, $4, $5)",
                msp.Id, $"msp {msp.Id}", msp.Zone, msp.NightAt, msp.Currency);
        }

        foreach (var row in database.Integrations.Values)
        {
            Row(batch, "insert into integration (id, msp_id, kind, name, base_url, user_name, secret_protected, reads_products, credentials, night_cursor, failures, ver) overriding system value "
                + "values ($1, $2, $3, $4, '', '', '', $5, $6, $7, $8, $9)",
                row.Id, row.Msp, row.Kind, $"integration {row.Id}", row.ReadsProducts, (short)row.Credentials, row.NightCursor, row.Failures, row.Version);
        }

        foreach (var row in database.Organizations.Values)
            Row(batch, "insert into organization (id, msp_id, name, mapping_version, ver) overriding system value values ($1, $2, $3, $4, $5)", row.Id, row.Msp, $"organization {row.Id}", row.MappingVersion, row.Version);
        foreach (var row in database.Accounts.Values)
            Row(batch, "insert into psa_account (id, msp_id, integration_id, remote_id, name, active) overriding system value values ($1, $2, $3, $4, $4, true)", row.Id, row.Msp, row.Integration, row.RemoteId);
        foreach (var row in database.Nights.Values)
        {
            Row(batch, "insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at) values ($1, $2, $3, $4, 0, $5, $6, 0, 0, $7)",
                row.Integration, row.Night, row.Msp, row.State, row.Read, row.Unread, database.Clock.Now);
        }
    }

    private static void Tenants(Database database, NpgsqlBatch batch)
    {
        foreach (var tenant in database.Tenants.Values)
        {
            Row(batch, "insert into product_tenant (id, msp_id, integration_id, product, remote_id, name, mapping_version, ver) overriding system value values ($1, $2, $3, $4, $5, $5, $6, $7)",
                tenant.Id, tenant.Msp, tenant.Integration, tenant.Product, tenant.RemoteId, tenant.MappingVersion, tenant.Version);
            foreach (var count in tenant.Counts.Values)
            {
                Row(batch, "insert into tenant_count (tenant_id, metric, msp_id, units, evidence, reason, night, observed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                    tenant.Id, count.Metric, tenant.Msp, count.Units?.Value, (short)count.Evidence, count.Reason, count.Night, count.ObservedAt);
            }

            foreach (var reading in tenant.Readings)
            {
                Row(batch, "insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    tenant.Id, reading.Metric, reading.Night, (short)reading.Number, tenant.Msp, reading.Units?.Value, (short)reading.Evidence, reading.Reason, reading.ObservedAt);
            }
        }

        foreach (var row in database.TenantMappings)
        {
            Row(batch, "insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id, until_on, retired_in) values ($1, $2, $3, $4, $5, $6, $7)",
                row.Owner, row.Version, row.From, database.Tenants[row.Owner].Msp, row.Target, row.Until, row.RetiredIn);
        }

        foreach (var row in database.OrganizationMappings)
        {
            Row(batch, "insert into organization_mapping (organization_id, version, from_on, msp_id, account_id, until_on, retired_in) values ($1, $2, $3, $4, $5, $6, $7)",
                row.Owner, row.Version, row.From, database.Organizations[row.Owner].Msp, row.Target, row.Until, row.RetiredIn);
        }
    }

    private static void Lines(Database database, NpgsqlBatch batch)
    {
        foreach (var row in database.Contracts.Values)
        {
            Row(batch, "insert into contract (id, msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active, ver) overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                row.Id, row.Msp, row.Integration, row.Account, row.RemoteId, row.Name, row.From, row.Until, row.Active, row.Version);
        }

        foreach (var line in database.Lines.Values)
        {
            var terms = line.Terms;
            Row(batch, "insert into service_line (id, msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, in_advance, minimum, maximum, rounding, basis, charged_until, ver, extra, service_from, service_until) "
                + "overriding system value values ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
                line.Id, line.Msp, line.Contract, line.RemoteId, terms.UnitPrice.Value, terms.Currency.Code, (short)terms.Cadence.Every, terms.Cadence.Anchor, terms.Timing == BillingTiming.Advance,
                terms.Minimum?.Value, terms.Maximum?.Value, (short)terms.Rounding, (short)line.Basis.Kind, line.ChargedUntil, line.Version, ServiceLineTerms.Extra(terms), line.Service?.From, line.Service?.Until);
            foreach (var price in terms.Prices)
                Row(batch, "insert into line_price (line_id, effective_on, seq, msp_id, unit_price, line_ver) values ($1, $2, $3, $4, $5, 1)", line.Id, price.EffectiveOn, price.Sequence, line.Msp, price.Price.Value);
            foreach (var change in terms.Changes) Terms(batch, line, change);
            foreach (var metric in line.Basis.Metrics)
                Row(batch, "insert into line_basis (line_id, product, metric, msp_id) values ($1, $2, $3, $4)", line.Id, metric.Product, metric.Metric, line.Msp);
            Books(batch, line);
        }
    }

    private static void Terms(NpgsqlBatch batch, LineRow line, TermsChange change)
    {
        var (terms, own) = (change.Terms, change.Terms.Settings);
        Row(batch, "insert into line_terms (line_id, from_on, seq, msp_id, minimum, maximum, included, tier_kind, mode, change_day, day_count, line_style, line_rounding, unit_price_rounding, increases, decreases, "
            + "closed_periods_back_max, line_ver, commitment, in_advance, unit_rounding) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, $18, $19, $20)",
            line.Id, change.From, change.Sequence, line.Msp, terms.Minimum?.Value, terms.Maximum?.Value, terms.Included?.Value, (short?)terms.Tiers?.Kind, (short?)own.Mode, (short?)own.ChangeDay,
            (short?)own.DayCount, (short?)own.LineStyle, (short?)own.Rounding, (short?)own.UnitPriceRounding, (short?)own.Increases, (short?)own.Decreases, own.ClosedPeriodsBackMax,
            terms.Commitment?.Value, terms.Timing is { } timing ? timing == BillingTiming.Advance : null, (short?)terms.Rounding);
    }

    private static void Books(NpgsqlBatch batch, LineRow line)
    {
        foreach (var (count, version, recordedAt) in line.Counts)
        {
            Row(batch, "insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                line.Id, count.EffectiveOn, count.Sequence, line.Msp, count.Units.Value, count.Night, count.Source, version, recordedAt);
        }

        foreach (var (version, number, entry, recordedAt) in line.Ledger)
        {
            Row(batch, "insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night, count_effective_on, count_seq, recorded_at) "
                + "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
                line.Id, version, (short)number, line.Msp, entry.Kind, entry.Period.From, entry.Period.Until, entry.Days.From, entry.Days.Until, entry.UnitsDelta, entry.UnitPrice.Value, entry.Amount.Amount,
                entry.Amount.Currency.Code, entry.Night, entry.CountEffectiveOn, entry.CountSequence, recordedAt);
        }

        foreach (var (hold, openedAt, resolution, resolvedAt) in line.Holds)
        {
            Row(batch, "insert into hold (msp_id, line_id, reason, night, previous_units, proposed_units, agreeing, read_at, opened_at, resolved_at, resolution) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                line.Msp, line.Id, hold.Reason, hold.Night, hold.Previous.Value, hold.Proposed?.Value, hold.Agreeing, hold.ReadAt == DateTimeOffset.MinValue ? openedAt : hold.ReadAt, openedAt, resolvedAt, resolution);
        }
    }

    private static void Work(Database database, NpgsqlBatch batch)
    {
        foreach (var row in database.Reminders.Values)
        {
            Row(batch, "insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night, attempt, parked_reason) values ($1, $2, $3, $4, 0, $5, $6, $7, $8)",
                (short)row.Key.Kind, row.Key.Grain, row.Key.Name, row.Msp, row.DueAt, row.Night, (short)row.Attempt, row.ParkedReason);
        }

        foreach (var row in database.Messages.Values)
        {
            Row(batch, "insert into message (grain_kind, grain_id, msp_id, shard, kind, night, cause, due_at, attempt, parked_reason) values (3, $1, $2, 0, 'inputs_changed', $3, $4, $5, $6, $7)",
                row.Key.Line, row.Msp, row.Key.Night, (short)row.Key.Cause, row.DueAt, (short)row.Attempt, row.ParkedReason);
        }

        foreach (var row in database.Intents)
        {
            Row(batch, "insert into intent (id, msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, generation, state, attempt, due_at, observed_before, sending_at, checks, acknowledged, code, night) "
                + "overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
                row.Id, row.Msp, row.Integration, row.Line, row.ContractRemoteId, row.ServiceRemoteId, row.EffectiveOn, row.SentOn, row.Desired, row.Generation, row.State, row.Attempt, row.DueAt,
                row.ObservedBefore, row.SendingAt, row.Checks, row.Acknowledged, row.Code, row.Night);
        }

        foreach (var row in database.Audit)
        {
            Row(batch, "insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after) values ($1, $2, $3, $4, $5, $6, $7, $8)",
                row.Msp, row.At, row.Actor, row.Action, (short)row.Kind, row.Grain, row.Before, row.After);
        }
    }

    private static void Row(NpgsqlBatch batch, string sql, params object?[] values)
    {
#pragma warning disable CA2100 // whole statements of this file
        var command = new NpgsqlBatchCommand(sql);
#pragma warning restore CA2100
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        batch.BatchCommands.Add(command);
    }
}
