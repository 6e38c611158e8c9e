-- $1 lines. Of the holds that this very transaction opened; one that it only keeps up to date was told when it began.
insert into webhook_delivery (msp_id, webhook_id, event, about, body)
select w.msp_id, w.webhook_id, w.event, 'hold/' || h.id,
    webhook_body(w.event, json_build_object(
        'hold_id', h.id, 'line', n.line, 'contract', n.contract, 'account', n.account, 'night', h.night, 'reason', h.reason,
        'units', trim_scale(h.previous_units)::text, 'proposed_units', trim_scale(h.proposed_units)::text))
from hold h
join webhook_wish w on w.msp_id = h.msp_id and w.event = 'line.held'
cross join webhook_line(h.line_id) n
where h.line_id = any($1) and h.resolved_at is null and h.opened_at = now()
on conflict do nothing;
