-- $1 integration, $2 msp, $3 contract remote ids, $4 remote ids, $5 service ids, $6 names, $7 prices, $8 costs, $9 currency, $10 periods,
-- $11 anchors, $12 charged until. A line that is known keeps its price: a price has a date, and an import has none.
insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, charged_until,
    service_from, service_until)
select $2, k.id, l.remote_id, l.service_remote_id, l.name, l.unit_price, l.unit_cost, $9, l.period, l.anchor_on, l.charged_until, k.from_on, k.until_on
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $10::smallint[], $11::date[], $12::date[])
    as l(contract_remote_id, remote_id, service_remote_id, name, unit_price, unit_cost, period, anchor_on, charged_until)
join contract k on k.integration_id = $1 and k.remote_id = l.contract_remote_id
order by l.contract_remote_id, l.remote_id
on conflict (contract_id, remote_id, (coalesce(follows, 0))) do update set name = excluded.name, unit_cost = excluded.unit_cost
where (service_line.name, service_line.unit_cost) is distinct from (excluded.name, excluded.unit_cost);
