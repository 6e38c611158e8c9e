-- $1 msp, $2 line, $3 first day, $4 name or null, $5 charged until, $6 night. In the transaction of the turn that ends the line: another one that goes on in its place with the price and the
-- terms of that day and what is planned after it, and with the units that the line left: those the PSA has. What was not sent yet for that day or a later one is sent for it.
with made as (
    insert into service_line (msp_id, contract_id, remote_id, service_remote_id, name, unit_price, unit_cost, currency, period, anchor_on, in_advance, minimum, maximum, rounding,
        charged_until, service_from, service_until, from_on, follows, extra)
    select l.msp_id, l.contract_id, l.remote_id, l.service_remote_id, coalesce($4::text, l.name), coalesce((
            select p.unit_price from line_price p where p.line_id = l.id and p.effective_on <= $3::date order by p.effective_on desc, p.seq desc limit 1), l.unit_price),
        l.unit_cost, l.currency, l.period, l.anchor_on, l.in_advance, l.minimum, l.maximum, l.rounding, $5::date, greatest(k.from_on, $3::date), k.until_on, $3::date, l.id,
        (exists (select 1 from line_price p where p.line_id = l.id and p.effective_on > $3::date))::int + 2 * (exists (select 1 from line_terms t where t.line_id = l.id))::int
    from service_line l
    join contract k on k.id = l.contract_id
    where l.msp_id = $1 and l.id = $2
    returning id
), priced as (
    insert into line_price (line_id, effective_on, seq, msp_id, unit_price, line_ver)
    select m.id, p.effective_on, p.seq, p.msp_id, p.unit_price, 1 from made m cross join line_price p where p.line_id = $2 and p.effective_on > $3::date
), changed as (
    insert into line_terms (line_id, from_on, seq, msp_id, minimum, maximum, included, tier_kind, mode, change_day, day_count, line_style, line_rounding, unit_price_rounding, increases,
        decreases, closed_periods_back_max, line_ver, commitment, in_advance, unit_rounding)
    select m.id, t.from_on, t.seq, t.msp_id, t.minimum, t.maximum, t.included, t.tier_kind, t.mode, t.change_day, t.day_count, t.line_style, t.line_rounding, t.unit_price_rounding, t.increases,
        t.decreases, t.closed_periods_back_max, 1, t.commitment, t.in_advance, t.unit_rounding
    from made m
    cross join line_terms t
    where t.line_id = $2
), listed as (
    insert into line_tier (line_id, from_on, seq, step, msp_id, up_to, unit_price, flat_fee)
    select m.id, t.from_on, t.seq, t.step, t.msp_id, t.up_to, t.unit_price, t.flat_fee from made m cross join line_tier t where t.line_id = $2
), left_over as (
    select $3::date as effective_on, coalesce((
        select c.units from count_record c where c.line_id = $2 and c.effective_on <= $3::date order by c.effective_on desc, c.seq desc limit 1), 0) as units
    union all
    select d.effective_on, d.units
    from (
        select distinct on (c.effective_on) c.effective_on, c.units from count_record c where c.line_id = $2 and c.effective_on > $3::date order by c.effective_on, c.seq desc
    ) d
), counted as (
    insert into count_record (line_id, effective_on, seq, msp_id, units, night, source, line_ver)
    select m.id, o.effective_on, 1, $1, o.units, $6::date, 'taken_over', 1 from made m cross join left_over o
), sent as (
    update intent i set line_id = m.id from made m where i.line_id = $2 and i.state = 'pending' and i.effective_on >= $3::date
)
select id from made;
