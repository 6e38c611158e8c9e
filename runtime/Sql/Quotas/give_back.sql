-- $1 chunk (null for none), $2 calls of it that nobody will make any more.
update vendor_chunk set calls = calls - $2 where id = $1::bigint and calls >= $2;
