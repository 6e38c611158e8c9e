-- $1 lines. What changes of theirs are called, the PSA's own line, their contract, and what they sell; empty when the PSA does not say.
select s.remote_id, coalesce(p.remote_id, s.remote_id), c.remote_id, coalesce(s.service_remote_id, '')
from service_line s
join contract c on c.id = s.contract_id
left join psa_service p on p.contract_id = c.id and p.service_remote_id = s.service_remote_id
where s.id = any($1)
order by s.id;
