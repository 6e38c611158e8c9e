-- $1 integration, $2 day, $3 units, $4 least of the PSA's own numbers of lines. A person adds a line for each of those that the PSA shows without units.
with wanted as (
    select nextval(pg_get_serial_sequence('service_line', 'id')) as id, p.msp_id, p.contract_id, p.service_remote_id, p.name, p.unit_price, p.unit_cost
    from (select * from psa_service where integration_id = $1 and remote_id::bigint >= $4 order by remote_id::bigint) p
), added as (
    insert into service_line (id, msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, in_advance, charged_until, service_from,
        service_until, from_on)
    overriding system value
    select w.id, w.msp_id, w.contract_id, 'hub-' || w.id, w.service_remote_id, w.name, w.unit_price, w.unit_cost, m.currency, k.period, k.from_on, true,
        (date_trunc('month', $2::date) + interval '1 month')::date, k.from_on, k.until_on, $2::date
    from wanted w
    join contract k on k.id = w.contract_id
    join msp m on m.id = w.msp_id
    returning id, msp_id
)
insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
select a.id, $2::date, 1, a.msp_id, $3, $2::date, 'opening', 1 from added a;
