-- $1 days to keep, $2 how many. What became of single rows; the counts themselves are readings by then.
delete from feed_row r
using (
    select w.snapshot_id, w.row_no
    from feed_snapshot s
    join feed_row w on w.snapshot_id = s.id
    where s.taken_at < now() - make_interval(days => $1)
    order by s.taken_at, w.snapshot_id, w.row_no
    limit $2
) d
where r.snapshot_id = d.snapshot_id and r.row_no = d.row_no;
