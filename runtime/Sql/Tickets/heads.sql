-- $1 integration, $2 how many. The first write of each ticket that is not done, when it is due: what comes after it waits, also for a person.
select w.id, w.msp_id, w.ticket_id, w.kind, w.mark, w.title, w.text, w.status, w.at, w.generation, w.state, w.attempt, w.acknowledged, w.checks, w.first_unseen_at, now(),
    t.remote_id, t.alert_id is null and t.intent_id is null, t.title, t.details, t.account_remote_id, t.location, t.queue, t.status, t.ticket_type, t.source, t.priority, t.issue_type, t.opened_at
from (
    select distinct on (ticket_id) id, msp_id, ticket_id, kind, mark, title, text, status, at, generation, state, attempt, due_at, acknowledged, checks, first_unseen_at
    from ticket_write
    where integration_id = $1 and state in ('pending', 'sending', 'in_doubt', 'parked')
    order by ticket_id, id
) w
join ticket t on t.id = w.ticket_id
where w.state <> 'parked' and w.due_at <= now()
order by w.due_at, w.id
limit $2;
