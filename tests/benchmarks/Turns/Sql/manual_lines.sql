-- $1 how many. One more contract of the first account, with lines whose units a person gives; price and period are those of the first line.
with added as (
    insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active)
    select msp_id, integration_id, account_id, 'manual', 'manual', from_on, until_on, true from contract where id = 1
    returning id, msp_id, from_on
), lines as (
    insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, currency, period, anchor_on, basis, charged_until)
    select a.msp_id, a.id, 'manual-' || n, 'manual', 'manual ' || n, l.unit_price, l.currency, l.period, l.anchor_on, 1, l.charged_until
    from added a
    join service_line l on l.id = 1
    cross join generate_series(1, $1) as n
    returning id, msp_id
), counts as (
    insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
    select l.id, a.from_on, 1, l.msp_id, 0, a.from_on, 'opening', 0 from lines l cross join added a
)
select array_agg(id order by id) from lines;
