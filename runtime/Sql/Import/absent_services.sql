-- $1 integration, $2 contract remote ids, $3 remote ids of every line that the PSA shows for them. What it shows no more is nothing to choose from.
delete from psa_service s
using contract k
where s.contract_id = k.id and k.integration_id = $1 and k.remote_id = any($2::text[]) and s.remote_id <> all($3::text[]);
