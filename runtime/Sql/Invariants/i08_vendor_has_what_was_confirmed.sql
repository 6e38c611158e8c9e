-- $1 how many, $2 integrations, $3 services, $4 dates, $5 units that the vendor shows for them. Where the newest intent up to a date is confirmed, the vendor shows its
-- units. Allowed: anything while that intent, or another of the line, is on its way, rejected or parked;
-- the days before a change that had to move to a free date; and what other hands changed is not given.
with shown as (
    select s.integration_id, s.service_remote_id, s.shown_on, s.units
    from unnest($2::bigint[], $3::text[], $4::date[], $5::numeric[]) as s(integration_id, service_remote_id, shown_on, units)
), newest as (
    select distinct on (s.integration_id, s.service_remote_id, s.shown_on) s.integration_id, s.service_remote_id, s.shown_on, s.units, n.desired_units, n.state
    from shown s
    join intent n on n.integration_id = s.integration_id and n.service_remote_id = s.service_remote_id and n.effective_on <= s.shown_on
    order by s.integration_id, s.service_remote_id, s.shown_on, n.effective_on desc, n.id desc
)
select 'service ' || n.service_remote_id, 'shows ' || trim_scale(n.units) || ' units on ' || n.shown_on || ' where ' || trim_scale(n.desired_units) || ' were confirmed', count(*) over ()
from newest n
where n.state = 'confirmed' and n.units <> n.desired_units and not exists (
    select 1 from intent o
    where o.integration_id = n.integration_id and o.service_remote_id = n.service_remote_id and (
        (o.state <> 'confirmed' and o.code is distinct from 'superseded') or (o.effective_on <= n.shown_on and o.sent_on > n.shown_on)))
order by 1, 2
limit $1;
