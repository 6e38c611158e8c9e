-- $1 msp, $2 this one only (null for all), $3 after, $4 how many, $5 whether open (null for all).
select h.id, h.line_id, l.name, a.id, a.name, h.reason, h.night, h.previous_units, h.proposed_units, h.agreeing, h.read_at, h.opened_at,
    h.resolved_at, h.resolution, h.resolved_by
from hold h
join service_line l on l.id = h.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
where h.msp_id = $1 and ($2::bigint is null or h.id = $2) and h.id > $3 and ($5::boolean is null or $5 = (h.resolved_at is null))
order by h.id
limit $4;
