-- $1 integration, $2 after, $3 how many, $4 night. Lines that count units, under contracts that cover the night: what the hub wishes there, and whether a wish is on its
-- way. The newest wish up to the night says what is wished; before the first, what the line was imported with. A line that follows another goes on with that one's: own
-- are all lines of the hub that are one line of the PSA. Their intents are gone through once, by the line: asked for by their state, all that wait in a night would be
-- gone through for each line.
select l.id, l.remote_id,
    coalesce(w.desired_units, (
        select c.units from count_record c where c.line_id = any(o.own) and c.source = 'opening' and c.effective_on <= $4 order by c.effective_on desc limit 1)),
    coalesce(w.state, ''),
    coalesce(w.waits, false)
from service_line l
join contract k on k.id = l.contract_id
cross join lateral (select array_agg(r.id) as own from lines_of_remote(l.id) as r(id)) o
left join lateral (
    select bool_or(n.state in ('pending', 'sending', 'in_doubt')) as waits,
        (array_agg(n.desired_units order by n.effective_on desc, n.id desc) filter (where n.effective_on <= $4 and n.code is distinct from 'superseded'))[1] as desired_units,
        (array_agg(n.state order by n.effective_on desc, n.id desc) filter (where n.effective_on <= $4 and n.code is distinct from 'superseded'))[1] as state
    from intent n where n.line_id = any(o.own)
) w on true
where k.integration_id = $1 and l.id > $2 and l.basis <> 0 and greatest(k.from_on, l.from_on) <= $4 and least(k.until_on, l.until_on) > $4
order by l.id
limit $3;
