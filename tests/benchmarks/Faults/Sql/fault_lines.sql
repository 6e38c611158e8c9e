-- $1 integration, $2 how many. Its lines.
select coalesce(array_agg(l.id order by l.id), '{}')
from (
    select s.id from service_line s join contract c on c.id = s.contract_id where c.integration_id = $1 order by s.id limit $2
) l;
