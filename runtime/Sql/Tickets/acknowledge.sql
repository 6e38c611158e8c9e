-- $1 id, $2 attempt. The vendor said yes; it is looked for to learn what the vendor calls it.
update ticket_write set state = 'in_doubt', acknowledged = true, due_at = now() where id = $1 and attempt = $2 and state = 'sending';
