-- $1 integration, $2 accounts, $3 places. The places of those accounts that the PSA takes by itself, and those places.
select v.remote_id, v.parent_remote_id, v.preset
from desk_value v
where v.integration_id = $1 and v.list = 'location' and v.active and ((v.preset and v.parent_remote_id = any($2)) or v.remote_id = any($3))
order by v.id;
