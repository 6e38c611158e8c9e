-- $1 snapshot. What is still to be handed over: every tenant it names, with each count; of a complete one also the tenants it lacks, if anything was ever
-- known of them.
select t.id, t.product, t.remote_id, r.metric, r.units
from feed_snapshot s
join product_tenant t on t.integration_id = s.integration_id and t.id > s.taken_through
left join feed_row r on r.snapshot_id = s.id and r.external_id = t.remote_id and r.code is null
where s.id = $1 and (r.row_no is not null or (s.complete and exists (select 1 from tenant_count c where c.tenant_id = t.id)))
order by t.id, r.metric;
