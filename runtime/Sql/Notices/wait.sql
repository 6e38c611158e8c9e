-- $1 seconds until it is looked at again, $2 seconds that a notice waits at most. Work of the night that may still change the contract: what its lines have not heard,
-- and tenants that are being read.
update notice n
set due_at = now() + make_interval(secs => $1)
where n.state = 'due' and n.due_at <= now() and n.found_at > now() - make_interval(secs => $2) and (
    exists (
        select 1 from message m
        where m.shard = n.contract_id % 64 and m.grain_kind = 5 and m.grain_id = n.contract_id and m.parked_reason is null)
    or exists (
        select 1 from service_line l join message m on m.shard = l.shard and m.grain_kind = 3 and m.grain_id = l.id
        where l.contract_id = n.contract_id and m.parked_reason is null)
    or exists (select 1 from night x where x.msp_id = n.msp_id and x.night = n.night and x.state = 'running'));
