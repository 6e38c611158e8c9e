-- $1 id, $2 generation, $3 attempt. Committed before the first byte leaves. No row: somebody else has it, or it says something else by now.
update ticket_write
set state = 'sending', attempt = attempt + 1, sending_at = now(), acknowledged = false, checks = 0, first_unseen_at = null
where id = $1 and generation = $2 and attempt = $3 and state = 'pending'
returning attempt;
