-- $1 index, $2 bytes from which on it is worth it. Whether an index of due work is three times as large as its entries need: 40 bytes each and a
-- page's margin make 48.
select pg_relation_size(c.oid) >= $2 and pg_relation_size(c.oid) >= 3 * 48 * greatest(c.reltuples, 0)::bigint
from pg_class c
where c.oid = $1::regclass;
