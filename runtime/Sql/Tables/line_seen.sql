-- $1 ids. What a turn would lock, for whoever only looks.
select l.id, l.msp_id, l.ver, l.unit_price, l.currency, l.period, l.anchor_on, l.in_advance, l.minimum, l.maximum, l.rounding, l.basis,
    l.charged_until, l.refresh_asked_at, l.remote_id, greatest(k.from_on, l.from_on), least(k.until_on, l.until_on), k.remote_id, k.integration_id, l.shard,
    k.account_id, l.extra, l.service_from, l.service_until, l.running_units, k.unit_timing,
    l.until_on, l.followed, k.until_on
from service_line l
join contract k on k.id = l.contract_id
where l.id = any($1)
order by l.id;
