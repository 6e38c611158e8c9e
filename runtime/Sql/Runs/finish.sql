-- $1 id, $2 state, $3 code, $4 sentence.
update run
set state = $2, code = $3, sentence = $4, finished_at = now(), progress_done = progress_total
where id = $1 and state = 'running';
