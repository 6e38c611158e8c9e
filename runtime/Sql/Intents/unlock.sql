-- $1 name.
select pg_advisory_unlock(hashtextextended($1, 7410));
