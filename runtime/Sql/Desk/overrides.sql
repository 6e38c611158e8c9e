-- $1 integration, $2 organizations.
select organization_id, field, value, synced from desk_override where integration_id = $1 and organization_id = any($2) order by organization_id, field;
