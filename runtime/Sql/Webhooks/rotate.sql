-- $1 msp, $2 webhook, $3 protected secret, $4 minutes for which the one before signs too.
update webhook
set secret_protected = $3, old_secret_protected = case when $4::int > 0 then secret_protected end, old_secret_until = case when $4::int > 0 then now() + make_interval(mins => $4::int) end
where msp_id = $1 and id = $2;
