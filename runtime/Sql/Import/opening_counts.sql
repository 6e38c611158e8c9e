-- $1 integration, $2 msp, $3 remote ids, $4 effective on, $5 units, $6 night. What the PSA billed before the hub came: the first count of a line.
insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
select l.id, o.effective_on, 1, $2, o.units, $6, 'opening', l.ver
from unnest($3::text[], $4::date[], $5::numeric[]) as o(remote_id, effective_on, units)
join service_line l on l.remote_id = o.remote_id
join contract k on k.id = l.contract_id and k.integration_id = $1
where l.follows is null and not exists (select 1 from count_record c where c.line_id = l.id)
on conflict do nothing;
