-- $1 days to keep, $2 how many. Who asked for them has had the answer.
delete from run
where id = any(array(
    select id from run where state in ('done', 'failed', 'cancelled') and finished_at < now() - make_interval(days => $1) order by id limit $2));
