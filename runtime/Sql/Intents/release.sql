-- $1 msp, $2 id. A person says: try again. The PSA is read first, as always.
update intent i
set state = 'pending', generation = i.generation + 1, attempt = 0, checks = 0, first_seen_unchanged_at = null, acknowledged = false, due_at = now(), settled_at = null, code = 'released', sentence = null, sent_on = i.effective_on
where i.msp_id = $1 and i.id = $2 and i.state in ('rejected', 'parked') and not exists (
    select 1 from intent n where n.line_id = i.line_id and n.effective_on = i.effective_on and n.state = 'pending')
returning i.id;
