-- $1 integration. Of each line: how many changes the PSA has for certain and how many units they are together, and how many it may have besides: a person must look, or a
-- read showed the wanted units before it was known what became of a send. What became a ticket changes nothing by itself.
select i.service_remote_id, (count(*) filter (where i.state = 'confirmed' and i.code = 'applied'))::int,
    (count(*) filter (where i.sending_at is not null and i.effect is distinct from 'ticket' and not (i.state = 'confirmed' and i.code = 'applied')))::int,
    coalesce(sum(i.delta) filter (where i.state = 'confirmed' and i.code = 'applied'), 0)
from intent i
where i.integration_id = $1
group by i.service_remote_id;
