-- $1 msp, $2 plan, $3 its totals as JSON. Written by the same transaction.
insert into webhook_delivery (msp_id, webhook_id, event, about, body)
select w.msp_id, w.webhook_id, w.event, 'plan/' || p.id,
    webhook_body(w.event, json_build_object(
        'plan_id', p.id, 'through', p.through_on, 'account_id', p.account_id, 'contract_id', p.contract_id, 'hash', p.hash, 'items', p.items, 'blocked', p.blocked,
        'totals', $3::json,
        'needs_person', exists (select 1 from plan_attention n where n.plan_id = p.id), 'created_by', p.created_by))
from plan p
join webhook_wish w on w.msp_id = p.msp_id and w.event = 'plan.ready'
where p.msp_id = $1 and p.id = $2
on conflict do nothing;
