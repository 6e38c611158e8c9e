-- $1 the night's date, $2 months before it. A charge of every line for this month and for each month before; those before are posted, month by month.
with months as (
    select g.back, (date_trunc('month', $1::date) - make_interval(months => g.back))::date as first_on,
        (date_trunc('month', $1::date) - make_interval(months => g.back - 1))::date as until_on
    from generate_series(0, $2::int) g(back)
), charged as (
    insert into ledger_entry (line_id, line_ver, entry_no, msp_id, kind, period_from, period_until, from_on, until_on, units_delta, unit_price, amount, currency, night,
        count_effective_on, count_seq)
    select l.id, m.back - 1000, 1, l.msp_id, 'charge', m.first_on, m.until_on, m.first_on, m.until_on, c.units, l.unit_price, round(c.units * l.unit_price, 2), l.currency,
        case m.back when 0 then $1::date else m.first_on end, c.effective_on, c.seq
    from service_line l
    join count_record c on c.line_id = l.id
    cross join months m
    where l.msp_id = 1
    returning line_id, line_ver, entry_no, msp_id, period_from
), posted as (
    insert into posting (msp_id, kind, through_on, items, posted_by)
    select 1, 'posting', c.period_from, count(*), 'bench' from charged c where c.line_ver > -1000 group by c.period_from
    returning id, through_on
)
insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id)
select c.line_id, c.line_ver, c.entry_no, p.id, c.msp_id from charged c join posted p on p.through_on = c.period_from
where c.line_ver > -1000;
