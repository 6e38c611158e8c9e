-- $1 msp, $2 integration, $3 after, $4 how many, $5 list or null, $6 account whose places they are or null, $7 whether offered or null, $8 part of the name or null.
select v.id, v.list, v.remote_id, v.name, v.active, v.preset, a.id, v.parent_remote_id
from desk_value v
left join psa_account a on v.list = 'location' and a.integration_id = v.integration_id and a.remote_id = v.parent_remote_id
where v.msp_id = $1 and v.integration_id = $2 and v.id > $3
    and ($5::text is null or v.list = $5)
    and ($6::bigint is null or a.id = $6)
    and ($7::boolean is null or v.active = $7)
    and ($8::text is null or strpos(lower(v.name), lower($8)) > 0)
order by v.id
limit $4;
