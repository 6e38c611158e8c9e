-- $1 how many, $2 integrations, $3 services, $4 dates: the changes the vendor's journal shows of the hub's own. No more of them for a service and date than intents
-- that were sent for it. Allowed: a sending more for each time a wish was renewed after it was known not to have arrived, or released by a person.
select 'service ' || a.service_remote_id, a.times || ' changes applied from ' || a.applied_on || ', ' || coalesce(n.sent, 0) || ' sent', count(*) over ()
from (
    select j.integration_id, j.service_remote_id, j.applied_on, count(*) as times
    from unnest($2::bigint[], $3::text[], $4::date[]) as j(integration_id, service_remote_id, applied_on)
    group by 1, 2, 3
) a
left join (
    select i.integration_id, i.service_remote_id, i.sent_on, sum(i.generation) as sent
    from intent i
    where i.sending_at is not null
    group by 1, 2, 3
) n on n.integration_id = a.integration_id and n.service_remote_id = a.service_remote_id and n.sent_on = a.applied_on
where a.times > coalesce(n.sent, 0)
order by 1, 2
limit $1;
