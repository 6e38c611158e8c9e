-- $1 id, $2 attempt. The PSA has the note, or the status.
with confirmed as (
    update ticket_write
    set state = 'confirmed', settled_at = now(), code = null, sentence = null
    where id = $1 and attempt = $2 and state in ('pending', 'sending', 'in_doubt')
    returning ticket_id, kind, status
)
update ticket t
set state = 'closed', status_now = c.status, closed_at = now()
from confirmed c
where t.id = c.ticket_id and c.kind = 'close';
