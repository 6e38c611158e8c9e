-- $1 lines, $2 resolutions, $3 by whom.
update hold h
set resolved_at = now(), resolution = c.resolution, resolved_by = c.actor
from unnest($1::bigint[], $2::text[], $3::text[]) as c(line_id, resolution, actor)
where h.line_id = c.line_id and h.resolved_at is null;
