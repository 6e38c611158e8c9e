-- $1 integration. Of each line: how many changes the PSA has for certain, and how many it may have besides: a person must look, or a read showed the wanted units before
-- it was known what became of a send.
select i.service_remote_id, (count(*) filter (where i.state = 'confirmed' and i.code = 'applied'))::int,
    (count(*) filter (where i.sending_at is not null and not (i.state = 'confirmed' and i.code = 'applied')))::int
from intent i
where i.integration_id = $1
group by i.service_remote_id;
