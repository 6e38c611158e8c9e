-- $1 job, $2 its next date or null, $3 the instant.
update job set next_on = $2, due_at = $3, attempt = 0 where id = $1;
