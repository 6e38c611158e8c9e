-- $1 msp, $2 night, $3 after this line, $4 how many, $5 the instant at which the next night begins: a hold resolved later was open that night.
-- Units before: what the line would have on the date of its last change, had this night not been.
select l.id, a.name, l.name, coalesce(b.units, 0), coalesce(c.units, b.units, 0), c.effective_on, n.state, n.code, n.sentence,
    h.id, h.reason, h.night, h.previous_units, h.proposed_units
from (
    select r.line_id from count_record r where r.msp_id = $1 and r.night = $2::date and r.source not in ('opening', 'taken_over')
    union
    select o.line_id from hold o where o.msp_id = $1 and o.night <= $2::date and (o.resolved_at is null or o.resolved_at >= $5)
    union
    select i.line_id from intent i where i.msp_id = $1 and i.night = $2::date
) t
join service_line l on l.id = t.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
left join lateral (
    select r.effective_on, r.units from count_record r
    where r.line_id = l.id and r.night = $2::date and r.source not in ('opening', 'taken_over')
    order by r.effective_on desc, r.seq desc
    limit 1
) c on true
left join lateral (
    select r.units from count_record r
    where r.line_id = l.id and r.effective_on <= coalesce(c.effective_on, $2::date) and (r.night < $2::date or r.source in ('opening', 'taken_over'))
    order by r.effective_on desc, r.seq desc
    limit 1
) b on true
left join lateral (
    select i.state, i.code, i.sentence from intent i where i.line_id = l.id and i.night = $2::date order by i.id desc limit 1
) n on true
left join lateral (
    select o.id, o.reason, o.night, o.previous_units, o.proposed_units from hold o
    where o.line_id = l.id and o.night <= $2::date and (o.resolved_at is null or o.resolved_at >= $5)
    order by o.id desc
    limit 1
) h on true
where l.id > $3
order by l.id
limit $4;
