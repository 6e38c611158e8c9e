-- $1 integration, $2 when the pass began, $3 tenants that it read because somebody had asked. After an incomplete pass the integration waits for its next attempt;
-- what somebody asked for meanwhile does not: due again, now. What the pass itself has tried waits, so that no pass follows the other without a pause.
-- Whether the pass was incomplete is asked first and once: after most passes nothing else is looked at.
update reminder r
set due_at = now()
where (select i.failures > 0 from integration i where i.id = $1)
    and r.grain_kind = 4 and r.grain_id = $1 and r.name = 'read' and r.due_at > now() and r.parked_reason is null and exists (
        select 1
        from product_tenant t
        join reminder w on w.grain_kind = 1 and w.grain_id = t.id and w.name = 'refresh'
        where t.integration_id = $1 and w.due_at <= now() and w.attempt = 0 and w.parked_reason is null and (w.due_at > $2 or t.id <> all($3)));
