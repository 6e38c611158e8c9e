-- $1 jobs, $2 instants. The date of a job stays, and begins when it begins in the new zone.
update job j set due_at = w.due_at from unnest($1::bigint[], $2::timestamptz[]) as w(id, due_at) where j.id = w.id;
