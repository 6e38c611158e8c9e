-- $1 lines, $2 line versions. One event for each line whose turn counted, and each webhook that wants it: the last of the dates that it counted, with what the line had there before.
insert into webhook_delivery (msp_id, webhook_id, event, about, body)
select w.msp_id, w.webhook_id, w.event, 'line/' || l.id || '/' || t.line_ver,
    webhook_body(w.event, json_build_object(
        'line', n.line, 'contract', n.contract, 'account', n.account, 'night', c.night, 'effective_on', c.effective_on,
        'units_before', trim_scale(coalesce(b.units, 0))::text, 'units', trim_scale(c.units)::text, 'source', c.source))
from unnest($1::bigint[], $2::int[]) as t(line_id, line_ver)
join service_line l on l.id = t.line_id
join webhook_wish w on w.msp_id = l.msp_id and w.event = 'units.changed'
cross join webhook_line(l.id) n
cross join lateral (
    select r.units, r.effective_on, r.night, r.source from count_record r
    where r.line_id = l.id and r.line_ver = t.line_ver and r.source not in ('opening', 'taken_over')
    order by r.effective_on desc, r.seq desc
    limit 1
) c
left join lateral (
    select r.units from count_record r
    where r.line_id = l.id and (r.line_ver < t.line_ver or r.source in ('opening', 'taken_over')) and r.effective_on <= c.effective_on
    order by r.effective_on desc, r.seq desc
    limit 1
) b on true
on conflict do nothing;
