-- $1 msp, $2 a key. In the transaction that has locked the msp: how many keys are live, the instant, and what the key is: its number, name, scope, expiry and feed when it is a live one
-- of the msp, and whether no other live key of superuser scope stays for ever.
select count(*) filter (where k.live), now(),
    max(k.no) filter (where k.live and k.id = $2), max(k.name) filter (where k.id = $2), max(k.scope) filter (where k.id = $2), max(k.expires_at) filter (where k.id = $2),
    count(*) filter (where k.live and k.scope = 'superuser' and k.id <> $2 and k.expires_at is null) = 0,
    count(*) filter (where k.id = $2), max(k.feed_id) filter (where k.id = $2)
from (select id, no, name, scope, expires_at, feed_id, revoked_at is null and (expires_at is null or expires_at > now()) as live from api_key where msp_id = $1) k;
