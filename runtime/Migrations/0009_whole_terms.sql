-- What terms may say besides: money that a full period costs at least, when periods are charged, how usage becomes the whole units that a PSA takes. Null for
-- what the line began with.
alter table line_terms
    add column commitment numeric constraint line_terms_commitment check (commitment between 0 and 1000000000),
    add column in_advance boolean,
    add column unit_rounding smallint constraint line_terms_unit_rounding check (unit_rounding between 1 and 3);

-- What usage lacks of a commitment is charged once. Every entry there is passed the narrower check: the table is not read again.
alter table ledger_entry drop constraint ledger_entry_charged_for;
alter table ledger_entry add constraint ledger_entry_charged_for check (charged_for in ('average', 'flat_fee', 'commitment')) not valid;

-- Which terms the period of an entry has: the date they hold from and their number. Null for those that the line began with, and for entries written before this was known.
alter table ledger_entry
    add column terms_from date,
    add column terms_seq int;

-- An item says what it is for when it is not units of days, and which price it has. Its period is charged in advance or in arrears by the terms of that period.
create or replace view billing_item as
select e.line_id, e.line_ver, e.entry_no, e.msp_id, e.kind, e.period_from, e.period_until, e.from_on, e.until_on, e.units_delta, e.unit_price, e.amount,
    e.currency, e.night, e.count_effective_on, e.count_seq, e.recorded_at, e.corrects_line_ver, e.corrects_entry_no,
    l.name as line_name,
    case when l.extra < 2 then l.in_advance else coalesce((
        select t.in_advance from line_terms t where t.line_id = l.id and t.from_on <= e.period_from order by t.from_on desc, t.seq desc limit 1), l.in_advance) end as in_advance,
    l.period, k.id as contract_id, k.name as contract_name, a.id as account_id, a.name as account_name,
    (select c.night from count_record c where c.line_id = e.line_id and c.effective_on = e.count_effective_on and c.seq = e.count_seq) as count_night,
    (select c.source from count_record c where c.line_id = e.line_id and c.effective_on = e.count_effective_on and c.seq = e.count_seq) as count_source,
    case when e.kind = 'adjustment' then (
        select i.desired_units from intent i
        where i.line_id = e.line_id and i.effective_on = e.count_effective_on
        order by i.id desc
        limit 1
    ) end as psa_units,
    exists (select 1 from hold h where h.line_id = e.line_id and h.resolved_at is null) as held,
    case when not k.active then 'contract_inactive' when not a.active then 'account_inactive' else (
        select case i.state when 'rejected' then 'psa_refused' else 'psa_unconfirmed' end
        from intent i
        where i.line_id = e.line_id
            and (i.state in ('rejected', 'parked') or (i.state = 'in_doubt' and i.sending_at < now() - interval '1 day'))
            and not exists (select 1 from intent n where n.line_id = i.line_id and n.id > i.id and n.state = 'confirmed')
        order by i.id desc
        limit 1
    ) end as block,
    e.charged_for, e.price_from, e.terms_from, e.terms_seq
from ledger_entry e
join service_line l on l.id = e.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id;

-- Lines whose units follow from minimum, maximum and the days of their periods, and whose amounts from those and the prices of their entries: what the statements about
-- money can recompute. Prices change no units, timing and whole units change no money.
create or replace view plain_line as
select l.id
from service_line l
where not exists (select 1 from msp_proration p where p.msp_id = l.msp_id)
    and (l.extra < 2 or not exists (
        select 1 from line_terms t
        where t.line_id = l.id and (t.minimum is distinct from l.minimum or t.maximum is distinct from l.maximum
            or num_nonnulls(t.included, t.commitment, t.tier_kind, t.mode, t.change_day, t.day_count, t.line_style, t.line_rounding, t.unit_price_rounding, t.increases, t.decreases) > 0)));
