-- $1 integration, $2 endpoint, $3 used by everybody, $4 allowed to everybody, $5 our share in per cent, $6 share that is left to others in any case.
-- What is neither ours nor kept free is what strangers have used: it is not there for us.
update vendor_budget b
set vendor_used = $3, vendor_allowed = $4, observed_at = now(), used_by_others = o.used,
    ceiling = greatest(0, least($4 * $5 / 100, $4 * (100 - $6) / 100 - o.used))
from (
    select greatest(0, $3 - coalesce(sum(c.calls), 0))::int as used
    from vendor_chunk c
    where c.integration_id = $1 and c.endpoint = $2
) o
where b.integration_id = $1 and b.endpoint = $2
returning b.used_by_others, least(b.allowed, b.ceiling);
