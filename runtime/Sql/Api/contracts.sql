-- $1 msp, $2 this one only (null for all), $3 after, $4 how many, $5 account or null.
select k.id, k.integration_id, k.remote_id, k.name, a.id, a.name, k.from_on, k.until_on, k.active,
    (select count(*) from service_line l where l.contract_id = k.id), coalesce(s.enabled, false), coalesce(s.addresses, array[]::text[]), k.period, g.adds_lines
from contract k
join psa_account a on a.id = k.account_id
join integration g on g.id = k.integration_id
left join notice_setting s on s.contract_id = k.id
where k.msp_id = $1 and ($2::bigint is null or k.id = $2) and k.id > $3 and ($5::bigint is null or k.account_id = $5)
order by k.id
limit $4;
