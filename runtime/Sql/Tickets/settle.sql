-- $1 id, $2 attempt, $3 state (parked, or withdrawn of a test), $4 code, $5 sentence. What it tells of waits with it; whoever waits for a test ticket is
-- answered.
with settled as (
    update ticket_write
    set state = $3, code = $4, sentence = $5, settled_at = now()
    where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt')
    returning ticket_id
), withdrawn as (
    update ticket t set state = 'withdrawn' from settled s where t.id = s.ticket_id and $3 = 'withdrawn' and t.state = 'owed'
), waiting as (
    update intent n
    set state = 'parked', code = 'ticket_parked', sentence = 'Its ticket waits for a person: ' || $5, settled_at = now()
    from settled s
    join ticket t on t.id = s.ticket_id
    where n.id = t.intent_id and n.state = 'in_doubt'
)
update run r
set state = 'failed', code = $4, sentence = $5, finished_at = now()
from settled s
where r.ticket_id = s.ticket_id and r.state = 'running';
