-- $1 id.
select msp_id, name, secret_sha256, scope
from api_key
where id = $1 and revoked_at is null and (expires_at is null or expires_at > now());
