-- $1 integration, $2 endpoint, $3 calls wanted. As many as are left, all of the chunks being counted: the budget's row is locked by a statement before.
-- No row: none is left.
insert into vendor_chunk (integration_id, endpoint, msp_id, calls)
select b.integration_id, b.endpoint, b.msp_id, least($3, least(b.allowed, b.ceiling) - t.taken)
from vendor_budget b
cross join (select coalesce(sum(c.calls), 0)::int as taken from vendor_chunk c where c.integration_id = $1 and c.endpoint = $2) t
where b.integration_id = $1 and b.endpoint = $2 and least(b.allowed, b.ceiling) > t.taken
returning id, calls;
