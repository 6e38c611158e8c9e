-- $1 snapshot. Every tenant has its part.
update feed_snapshot set taken_at = now() where id = $1 and taken_at is null;
