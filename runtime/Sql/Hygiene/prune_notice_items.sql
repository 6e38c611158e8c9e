-- $1 months to keep, $2 how many. What a notice that was sent told of a line, when the line was told something later: the last word of each line says from which
-- version on it has news.
delete from notice_item d
using (
    select i.line_id, i.notice_id
    from notice n
    join notice_item i on i.notice_id = n.id
    where n.state = 'sent' and n.settled_at < now() - make_interval(months => $1)
        and exists (select 1 from notice_item o where o.line_id = i.line_id and o.through_ver > i.through_ver)
    order by n.id, i.line_id
    limit $2
) old
where d.line_id = old.line_id and d.notice_id = old.notice_id;
