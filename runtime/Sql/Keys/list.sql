-- $1 msp, $2 only this key (null: all), $3 behind this one, $4 how many.
select no, id, name, scope, created_at, created_by, last_used_at, expires_at, revoked_at,
    case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'live' end, feed_id
from api_key
where msp_id = $1 and ($2::text is null or id = $2) and no > $3
order by no
limit $4;
