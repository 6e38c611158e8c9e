-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 contract or null, $6 state or null. The newest first.
select n.id, n.contract_id, k.name, a.id, a.name, n.night, n.state, n.addresses, n.told, n.attempt, n.code, n.sentence,
    (select count(*) from notice_item i where i.notice_id = n.id), n.found_at, n.due_at, n.written_at, n.settled_at
from notice n
join contract k on k.id = n.contract_id
join psa_account a on a.id = k.account_id
where n.msp_id = $1 and ($2::bigint is null or n.id = $2) and n.id < $3 and ($5::bigint is null or n.contract_id = $5) and ($6::text is null or n.state = $6)
order by n.id desc
limit $4;
