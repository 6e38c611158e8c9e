-- $1 days to keep, $2 how many. Once their rows are gone; the last one of each feed stays. Whoever repeats one after so long is told that its night is over.
delete from feed_snapshot
where id = any(array(
    select s.id
    from feed_snapshot s
    where s.taken_at < now() - make_interval(days => $1)
        and not exists (select 1 from feed_row r where r.snapshot_id = s.id)
        and exists (select 1 from feed_snapshot l where l.integration_id = s.integration_id and l.id > s.id)
    order by s.taken_at
    limit $2));
