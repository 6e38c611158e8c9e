-- $1 msp, $2 ticket. A person says: try again. The PSA is looked at first, as always.
update ticket_write
set state = 'pending', attempt = 0, checks = 0, first_unseen_at = null, acknowledged = false, due_at = now(), settled_at = null, code = 'released', sentence = null
where msp_id = $1 and ticket_id = $2 and state = 'parked'
returning id;
