-- $1 contracts, $2 currencies, $3 billing periods, $4 first changed days. What the lines of the contract with that billing period cost for one of them, with the
-- units that they had on the day before; in the order given.
select coalesce((
    select sum(l.unit_price * least(greatest(c.units, l.minimum), l.maximum))
    from service_line l
    cross join lateral (
        select r.units from count_record r
        where r.line_id = l.id and r.effective_on < w.first_on
        order by r.effective_on desc, r.seq desc
        limit 1
    ) c
    where l.contract_id = w.contract_id and l.currency = w.currency and l.period = w.period
), 0)
from unnest($1::bigint[], $2::text[], $3::smallint[], $4::date[]) with ordinality as w(contract_id, currency, period, first_on, place)
order by w.place;
