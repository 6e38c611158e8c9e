-- $1 integration, $2 list, $3 name, empty for any, $4 what it belongs to, empty for nothing. A value of the PSA's lists; empty when there is none.
select coalesce((select remote_id from desk_value where integration_id = $1 and list = $2 and active and ($3 = '' or name = $3) and parent_remote_id = $4 order by id limit 1), '');
