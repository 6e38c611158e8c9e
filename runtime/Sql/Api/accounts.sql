-- $1 msp, $2 after, $3 how many, $4 integration or null, $5 part of the name or null.
select id, integration_id, remote_id, name, active
from psa_account
where msp_id = $1 and id > $2 and ($4::bigint is null or integration_id = $4) and ($5::text is null or strpos(lower(name), lower($5)) > 0)
order by id
limit $3;
