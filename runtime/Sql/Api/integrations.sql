-- $1 msp, $2 this one only (null for all), $3 after, $4 how many. The secret is not read.
select id, kind, name, base_url, user_name, reads_products, credentials, credential_reason, night_cursor, failures, created_at
from integration
where msp_id = $1 and ($2::bigint is null or id = $2) and id > $3
order by id
limit $4;
