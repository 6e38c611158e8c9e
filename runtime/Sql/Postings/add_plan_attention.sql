-- $1 msp, $2 plan, $3 contracts, $4 currencies, $5 codes, $6 adjustments, $7 regular charges.
insert into plan_attention (plan_id, contract_id, currency, msp_id, code, adjustments, regular)
select $2, a.contract_id, a.currency, $1, a.code, a.adjustments, a.regular
from unnest($3::bigint[], $4::text[], $5::text[], $6::numeric[], $7::numeric[]) as a(contract_id, currency, code, adjustments, regular);
