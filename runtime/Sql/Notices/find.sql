-- $1 msp, $2 night, $3 seconds until due, $4 how many contracts. Contracts with notices whose lines took turns since nothing was left to tell, and that have no notice of this night yet.
-- Those with counts that nobody was told get one. A held line waits: closing its hold is a turn of it. Answers how many contracts were looked at.
with moved as (
    select s.contract_id, s.enabled_at, v.versions
    from notice_setting s
    cross join lateral (select coalesce(sum(l.ver), 0) as versions from service_line l where l.contract_id = s.contract_id) v
    where s.msp_id = $1 and s.enabled and v.versions <> s.versions_seen
        and not exists (select 1 from notice n where n.contract_id = s.contract_id and n.night = $2)
    order by s.contract_id
    limit $4
), news as (
    select m.contract_id
    from moved m
    where exists (
        select 1
        from service_line l
        cross join lateral (select coalesce(max(i.through_ver), 0) as ver from notice_item i where i.line_id = l.id) told
        where l.contract_id = m.contract_id and l.ver > told.ver
            and exists (
                select 1 from count_record r
                where r.line_id = l.id and r.line_ver > told.ver and r.recorded_at >= m.enabled_at and r.source not in ('opening', 'taken_over'))
            and not exists (select 1 from hold h where h.line_id = l.id and h.resolved_at is null))
), quiet as (
    update notice_setting s
    set versions_seen = m.versions
    from moved m
    where s.contract_id = m.contract_id and not exists (select 1 from news n where n.contract_id = m.contract_id)
), found as (
    insert into notice (msp_id, contract_id, night, due_at)
    select $1, contract_id, $2, now() + make_interval(secs => $3)
    from news
    on conflict do nothing
)
select count(*) from moved;
