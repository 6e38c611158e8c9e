-- $1 integration, $2 seconds. The vendor was not asked: the reading stays due, a while later, and nothing is counted.
update reminder set due_at = now() + make_interval(secs => $2)
where grain_kind = 4 and grain_id = $1 and name = 'read' and due_at <= now();
