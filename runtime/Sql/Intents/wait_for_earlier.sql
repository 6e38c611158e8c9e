-- $1 integration, one that adds lines. Whether a PSA has a line can be found out, how many units it has cannot: while nobody knows how a change of a line ended, the next
-- one would be computed from a guess. So it waits, and goes on by itself once a person has settled the other.
update intent i
set code = case when w.waits then 'waits_for_earlier' end,
    sentence = case when w.waits then 'An earlier change of the line waits for a person, and what this one must add follows from it.' end,
    due_at = case when w.waits then now() + interval '1 minute' else now() end
from (
    select n.id, exists (
        select 1 from intent u
        where u.line_id in (select r.id from lines_of_remote(n.line_id) as r(id)) and u.state = 'parked' and num_nonnulls(u.sending_at, u.known_lines) > 0) as waits
    from intent n
    where n.integration_id = $1 and n.state = 'pending' and n.due_at <= now()
) w
where i.id = w.id and i.state = 'pending' and (w.waits or i.code = 'waits_for_earlier');
