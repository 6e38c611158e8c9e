-- $1 integration, $2 msp, $3 remote ids, $4 account remote ids, $5 names, $6 from, $7 until, $8 active. Known contracts hear of changes as turns.
insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active, unit_timing)
select $2, $1, a.id, c.remote_id, c.name, c.from_on, c.until_on, c.active, i.unit_timing
from unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::boolean[]) as c(remote_id, account_remote_id, name, from_on, until_on, active)
join psa_account a on a.integration_id = $1 and a.remote_id = c.account_remote_id
join integration i on i.id = $1
order by c.remote_id
on conflict (integration_id, remote_id) do nothing;
