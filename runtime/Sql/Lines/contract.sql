-- $1 msp, $2 contract, $3 service. What a line that a person adds follows from. Locked, so that two people do not add the same line at once.
select k.from_on, k.until_on, k.period, g.adds_lines, m.currency, (
    select s.name from psa_service s where s.integration_id = k.integration_id and s.service_remote_id = $3 order by (s.contract_id = k.id) desc, s.id limit 1)
from contract k
join integration g on g.id = k.integration_id
join msp m on m.id = k.msp_id
where k.msp_id = $1 and k.id = $2
for no key update of k;
