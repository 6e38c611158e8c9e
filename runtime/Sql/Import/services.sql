-- $1 integration, $2 msp, $3 contract remote ids, $4 remote ids, $5 service ids, $6 names, $7 prices, $8 costs. Lines that the PSA shows without units: kept as it shows them now.
insert into psa_service (msp_id, integration_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost)
select $2, $1, k.id, s.remote_id, s.service_remote_id, s.name, s.unit_price, s.unit_cost
from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::numeric[]) as s(contract_remote_id, remote_id, service_remote_id, name, unit_price, unit_cost)
join contract k on k.integration_id = $1 and k.remote_id = s.contract_remote_id
order by s.contract_remote_id, s.remote_id
on conflict (contract_id, remote_id) do update
set service_remote_id = excluded.service_remote_id, name = excluded.name, unit_price = excluded.unit_price, unit_cost = excluded.unit_cost;
