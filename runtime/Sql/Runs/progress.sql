-- $1 id, $2 done, $3 total.
update run set progress_done = $2, progress_total = $3 where id = $1 and state = 'running';
