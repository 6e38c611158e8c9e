-- $1 hours to keep, $2 how many. Whoever repeats a request does so within a day.
delete from repeatable_request
where (msp_id, key) in (select msp_id, key from repeatable_request where asked_at < now() - make_interval(hours => $1) order by asked_at limit $2);
