-- $1 integration.
delete from vendor_circuit where integration_id = $1;
