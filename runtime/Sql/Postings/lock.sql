-- $1 msp. One posting of an msp at a time, until the commit: what was read as ready stays unposted.
select pg_advisory_xact_lock(hashtextextended('postings/' || $1::bigint, 7410));
