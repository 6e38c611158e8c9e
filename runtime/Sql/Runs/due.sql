-- Runs that a silo must do by hand. Whoever gets the run's lock does it; if that silo dies, the next one does it again.
select r.id, r.kind, i.id, i.msp_id, i.kind, i.base_url, i.user_name, i.secret_protected, i.integration_code
from run r
join integration i on i.id = r.grain_id
where r.grain_kind = 4 and r.state = 'running' and r.kind in ('test', 'import', 'reconcile', 'lookups')
order by r.id;
