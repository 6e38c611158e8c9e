-- $1 msp, $2 integration, $3 base url, $4 user, $5 protected secret, $6 integration code (null keeps it). Another address does not wait for the old one's circuit.
with closed as (
    delete from vendor_circuit where msp_id = $1 and integration_id = $2
)
update integration
set base_url = $3, user_name = $4, secret_protected = $5, integration_code = coalesce($6::text, integration_code)
where msp_id = $1 and id = $2
returning id;
