-- $1 id, $2 attempt, $3 generation, $4 code, $5 sentence, $6 seconds. The hub held the call back: as if it had not been marked, nothing is counted.
-- Only whoever marked this attempt says so, and is done with it: the number can be used again. A newer wish takes its place, and this one ends.
update intent i
set state = case when w.overtaken then 'rejected' else 'pending' end,
    settled_at = case when w.overtaken then now() end,
    attempt = i.attempt - 1, code = case when w.overtaken then 'superseded' else $4 end,
    sentence = case when w.overtaken then 'A newer count took its place before it was sent.' else $5 end,
    due_at = now() + make_interval(secs => $6)
from (
    select exists (
        select 1 from intent n
        where n.line_id = m.line_id and n.effective_on = m.effective_on
            and n.state = 'pending' and n.id <> m.id) as overtaken
    from intent m
    where m.id = $1
) w
where i.id = $1 and i.attempt = $2 and i.generation = $3 and i.state = 'sending';
