-- $1 integration, $2 night, $3 tenants read, $4 tenants changed. What a batch of tenants adds to the record of the night, in the batch's own transaction: a silo that dies
-- after it has not forgotten it.
update night set read = read + $3, changed = changed + $4 where integration_id = $1 and night = $2;
