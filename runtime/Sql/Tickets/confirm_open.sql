-- $1 id, $2 attempt, $3 the PSA's id, $4 number or null, $5 link or null, $6 status. The PSA shows the ticket; whoever waits for a test ticket is answered.
with confirmed as (
    update ticket_write
    set state = 'confirmed', settled_at = now(), code = null, sentence = null
    where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt')
    returning ticket_id
), opened as (
    update ticket t
    set state = 'open', remote_id = $3, number = $4::text, link = $5::text, status_now = $6
    from confirmed c
    where t.id = c.ticket_id
    returning t.id
)
update run r
set state = 'done', code = 'ticket_opened', sentence = 'The PSA has the ticket' || coalesce(' ' || $4::text, '') || '.', finished_at = now(), progress_done = 1, progress_total = 1
from opened o
where r.ticket_id = o.id and r.state = 'running';
