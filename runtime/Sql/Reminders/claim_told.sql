-- $1 shard, $2 after this contract, $3 how many contracts. Messages to contracts, unpacked: each line of the contract that adds up what the message is
-- about. A message that no line must hear comes without a line.
with told as (
    select id, grain_id, kind, night, cause, about
    from message
    where grain_kind = 5 and shard = $1 and grain_id > $2 and due_at <= now() and parked_reason is null
    order by grain_id, night, cause, kind, about
    limit $3
    for update skip locked
)
select t.id, t.grain_id, l.id, l.msp_id, t.kind, t.night, t.cause
from told t
left join service_line l on l.contract_id = t.grain_id and l.basis <> 0 and (t.about = '' or exists (
    select 1 from line_basis b where b.line_id = l.id and starts_with(b.product || '/' || b.metric || '/', t.about)))
order by t.grain_id, l.id, t.night, t.cause;
