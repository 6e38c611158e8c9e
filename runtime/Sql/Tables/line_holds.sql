-- $1 lines, $2 first day of interest per line (null for now). From when on a turn looks at the line's inputs, and its open hold, which looks further back.
select u.line_id, least(coalesce(u.since, current_date + 1), h.night), h.reason, h.night, h.previous_units, h.proposed_units, h.agreeing, h.read_at
from unnest($1::bigint[], $2::date[]) as u(line_id, since)
left join hold h on h.line_id = u.line_id and h.resolved_at is null;
