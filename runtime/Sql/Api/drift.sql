-- $1 msp, $2 after, $3 how many, $4 integration or null.
select d.line_id, l.name, k.id, k.name, a.id, a.name, d.integration_id, d.since_night, d.night, d.desired_units, d.observed_units, d.reason, d.seen_at
from drift d
join service_line l on l.id = d.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
where d.msp_id = $1 and d.line_id > $2 and ($4::bigint is null or d.integration_id = $4)
order by d.line_id
limit $3;
