-- $1 id, $2 attempt, $3 state it is in, $4 sent on (null keeps it), $5 code, $6 sentence, $7 seconds, $8 generation, $9 attempts given back. Certainly not
-- applied: it may be sent again. A call that the hub itself held back is as if it had not been marked: only whoever marked the attempt says so, and its number
-- can be used again. A newer wish for the same object and date takes its place, and this one ends.
update intent i
set state = case when w.overtaken then 'rejected' else 'pending' end,
    settled_at = case when w.overtaken then now() end,
    sent_on = coalesce($4, i.sent_on), attempt = i.attempt - $9, code = case when w.overtaken then 'superseded' else $5 end,
    sentence = case when w.overtaken then 'A newer count took its place before it was sent.' else $6 end,
    due_at = now() + make_interval(secs => $7), first_seen_unchanged_at = null, checks = 0
from (
    select exists (
        select 1 from intent n
        where n.line_id in (select r.id from lines_of_remote(m.line_id) as r(id)) and n.effective_on = m.effective_on
            and n.state = 'pending' and n.id <> m.id) as overtaken
    from intent m
    where m.id = $1
) w
where i.id = $1 and i.attempt = $2 and i.generation = $8 and i.state = $3;
