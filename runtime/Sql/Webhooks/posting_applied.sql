-- $1 msp, $2 posting, $3 its totals as JSON. Written by the same transaction. A reversal is a posting too: whoever keeps books of them must hear of both.
insert into webhook_delivery (msp_id, webhook_id, event, about, body)
select w.msp_id, w.webhook_id, w.event, 'posting/' || p.id,
    webhook_body(w.event, json_build_object(
        'posting_id', p.id, 'kind', p.kind, 'reverses', p.reverses, 'plan_id', (select n.id from plan n where n.posting_id = p.id), 'through', p.through_on, 'items', p.items,
        'totals', $3::json,
        'posted_by', p.posted_by))
from posting p
join webhook_wish w on w.msp_id = p.msp_id and w.event = 'posting.applied'
where p.msp_id = $1 and p.id = $2
on conflict do nothing;
