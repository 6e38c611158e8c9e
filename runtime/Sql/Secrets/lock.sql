-- Programs that start together look at the key ring one after the other.
select pg_advisory_xact_lock(7412);
