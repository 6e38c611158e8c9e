-- $1 msp, $2 contract, $3 service, $4 name, $5 price, $6 cost, $7 currency, $8 period, $9 anchor, $10 whether in advance, $11 first day, $12 charged until, $13 units, $14 night.
-- A line that a person adds, with the units that the PSA has. No row: a line of this service and name runs on the contract already.
with numbered as (
    select nextval(pg_get_serial_sequence('service_line', 'id')) as id
), added as (
    insert into service_line (id, msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, in_advance, charged_until, service_from,
        service_until, from_on)
    overriding system value
    select n.id, $1, k.id, 'hub-' || n.id, $3, $4, $5, $6, $7, $8::smallint, $9::date, $10, $12::date, greatest(k.from_on, $11::date), k.until_on, $11::date
    from numbered n
    join contract k on k.msp_id = $1 and k.id = $2
    where not exists (
        select 1 from service_line l
        where l.contract_id = k.id and l.service_remote_id = $3 and l.name = $4 and not l.followed and (l.until_on is null or l.until_on > $11::date))
    returning id
)
insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
select a.id, $11::date, 1, $1, $13, $14::date, 'opening', 1 from added a
returning line_id;
