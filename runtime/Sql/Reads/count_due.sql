-- $1 integration, $2 night, $3 how many tenants this pass has found due for it.
update night set due = greatest(due, $3) where integration_id = $1 and night = $2;
