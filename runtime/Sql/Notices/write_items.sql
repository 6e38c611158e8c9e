-- $1 notices. What their contracts' lines counted since they were last told: from the first date that moved to the last, and the prorations of the same turns.
-- Once written it stays. Lines that are held now are not included, and come with a later notice.
insert into notice_item (line_id, notice_id, msp_id, units_before, units_after, first_on, effective_on, prorated, currency, through_ver)
select l.id, n.id, n.msp_id,
    coalesce((
        select r.units from count_record r
        where r.line_id = l.id and (r.line_ver < c.from_ver or r.source in ('opening', 'taken_over')) and r.effective_on <= c.first_on
        order by r.effective_on desc, r.seq desc
        limit 1), 0),
    (
        select r.units from count_record r
        where r.line_id = l.id and r.effective_on <= c.last_on
        order by r.effective_on desc, r.seq desc
        limit 1),
    c.first_on, c.last_on,
    coalesce((
        select sum(e.amount) from ledger_entry e
        where e.line_id = l.id and e.line_ver between c.from_ver and c.through_ver and e.kind = 'adjustment'), 0),
    l.currency, c.through_ver
from notice n
join notice_setting s on s.contract_id = n.contract_id
join service_line l on l.contract_id = n.contract_id
cross join lateral (select coalesce(max(i.through_ver), 0) as ver from notice_item i where i.line_id = l.id) told
cross join lateral (
    select min(r.line_ver) as from_ver, max(r.line_ver) as through_ver, min(r.effective_on) as first_on, max(r.effective_on) as last_on
    from count_record r
    where r.line_id = l.id and r.line_ver > told.ver and r.recorded_at >= s.enabled_at and r.source not in ('opening', 'taken_over')
) c
where n.id = any($1) and n.written_at is null and c.from_ver is not null
    and not exists (select 1 from hold h where h.line_id = l.id and h.resolved_at is null);
