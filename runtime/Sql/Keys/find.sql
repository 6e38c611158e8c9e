-- $1 id.
select msp_id, name, secret_sha256, scope, last_used_at is null or last_used_at < now() - interval '1 minute', feed_id
from api_key
where id = $1 and revoked_at is null and (expires_at is null or expires_at > now());
