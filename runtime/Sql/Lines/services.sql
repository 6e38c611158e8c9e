-- $1 msp, $2 contract, $3 after, $4 how many. The lines of a contract that its PSA shows without units, and the running line of the hub that sells the same service, if any.
select s.id, s.service_remote_id, s.name, s.unit_price, s.unit_cost, m.currency, l.id
from psa_service s
join msp m on m.id = s.msp_id
left join lateral (
    select r.id from service_line r
    where r.contract_id = s.contract_id and r.service_remote_id = s.service_remote_id and not r.followed and (r.until_on is null or r.until_on > (now() at time zone m.zone)::date)
    order by r.id
    limit 1
) l on true
where s.msp_id = $1 and s.contract_id = $2 and s.id > $3
order by s.id
limit $4;
