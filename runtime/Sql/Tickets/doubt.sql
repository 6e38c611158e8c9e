-- $1 id, $2 attempt, $3 code, $4 sentence, $5 seconds. The answer was lost: from here on only looking decides.
update ticket_write set state = 'in_doubt', code = $3, sentence = $4, due_at = now() + make_interval(secs => $5)
where id = $1 and attempt = $2 and state = 'sending';
