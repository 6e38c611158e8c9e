-- $1 msp, $2 this one only (null for all), $3 after, $4 how many, $5 part of the name or null.
select id, name, remote_id, created_at
from organization
where msp_id = $1 and ($2::bigint is null or id = $2) and id > $3 and ($5::text is null or strpos(lower(name), lower($5)) > 0)
order by id
limit $4;
