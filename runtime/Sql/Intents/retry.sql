-- $1 id, $2 attempt, $3 state it is in, $4 sent on, $5 code, $6 sentence, $7 seconds. Certainly not applied: it may be sent again.
-- A newer wish for the same object and date takes its place.
update intent i
set state = case when exists (
        select 1 from intent n where n.integration_id = i.integration_id and n.service_remote_id = i.service_remote_id
            and n.effective_on = i.effective_on and n.state = 'pending' and n.id <> i.id) then 'rejected' else 'pending' end,
    sent_on = $4, code = $5, sentence = $6, due_at = now() + make_interval(secs => $7), first_seen_unchanged_at = null, checks = 0
where i.id = $1 and i.attempt = $2 and i.state = $3;
