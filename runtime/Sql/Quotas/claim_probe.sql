-- $1 integration, $2 seconds. One call may try a vendor that was down; meanwhile nobody else does.
update vendor_circuit
set open_until = clock_timestamp() + make_interval(secs => $2)
where integration_id = $1 and open_until <= clock_timestamp()
returning integration_id;
