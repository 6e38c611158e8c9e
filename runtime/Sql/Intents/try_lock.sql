-- $1 name. The 64-bit hash is the lock; two names that collide only wait for each other.
select pg_try_advisory_lock(hashtextextended($1, 7410));
