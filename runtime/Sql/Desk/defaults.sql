-- $1 integration.
select field, value, synced from desk_default where integration_id = $1 order by field;
