-- $1 integration, $2 msp, $3 remote ids, $4 account remote ids, $5 names, $6 from, $7 until, $8 active, $9 months of a period. Known contracts hear of
-- changes as turns; how often they are billed is nobody's decision.
insert into contract (msp_id, integration_id, account_id, remote_id, name, from_on, until_on, active, unit_timing, period)
select $2, $1, a.id, c.remote_id, c.name, c.from_on, c.until_on, c.active, i.unit_timing, case c.months when 1 then 1 when 3 then 2 when 6 then 3 when 12 then 4 end
from unnest($3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::boolean[], $9::int[])
    as c(remote_id, account_remote_id, name, from_on, until_on, active, months)
join psa_account a on a.integration_id = $1 and a.remote_id = c.account_remote_id
join integration i on i.id = $1
order by c.remote_id
on conflict (integration_id, remote_id) do update set period = excluded.period
where contract.period is distinct from excluded.period;
