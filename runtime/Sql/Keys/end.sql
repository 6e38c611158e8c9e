-- $1 msp, $2 id, $3 when it ends; null: now, for ever.
update api_key
set revoked_at = case when $3::timestamptz is null then now() end, expires_at = least(expires_at, $3)
where msp_id = $1 and id = $2;
