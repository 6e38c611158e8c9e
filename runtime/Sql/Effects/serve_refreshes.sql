-- $1 integrations. A read that somebody asked for after the pass had looked who is due made the integration due, and the end of the pass has just moved it to its next
-- night: due again, and so is a feed that was told something since. One that was tried waits for its own retry. By the clock, because whoever asked may have begun after this transaction.
update reminder r
set due_at = now()
from unnest($1::bigint[]) as i(id)
where r.grain_kind = 4 and r.grain_id = i.id and r.name = 'read' and r.due_at > now() and (exists (
        select 1
        from product_tenant t
        join reminder w on w.grain_kind = 1 and w.grain_id = t.id and w.name = 'refresh'
        where t.integration_id = i.id and w.due_at <= clock_timestamp() and w.attempt = 0 and w.parked_reason is null)
    or exists (select 1 from feed_snapshot s where s.integration_id = i.id and s.taken_at is null));
