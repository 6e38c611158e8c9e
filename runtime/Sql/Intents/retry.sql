-- $1 id, $2 attempt, $3 state it is in, $4 sent on, $5 code, $6 sentence, $7 seconds. Certainly not applied: it may be sent again,
-- unless a newer wish for the same object and date has taken its place.
update intent i
set state = case when newer.id is null then 'pending' else 'rejected' end,
    code = case when newer.id is null then $5 else 'superseded' end,
    sentence = case when newer.id is null then $6 else 'A newer change of the same date took its place.' end,
    settled_at = case when newer.id is null then null else now() end,
    sent_on = $4, due_at = now() + make_interval(secs => $7), first_seen_unchanged_at = null, checks = 0
from (select 1) as one
left join lateral (
    select n.id
    from intent m
    join intent n on n.integration_id = m.integration_id and n.service_remote_id = m.service_remote_id
        and n.effective_on = m.effective_on and n.state = 'pending' and n.id <> m.id
    where m.id = $1
    limit 1
) newer on true
where i.id = $1 and i.attempt = $2 and i.state = $3;
