-- Lines that people add to contracts, end on a day and start anew; and PSAs that take more units as a further line, and fewer as a ticket.

-- Which PSAs those are follows from their kind.
alter table integration add column adds_lines boolean not null generated always as (kind in ('bms', 'vorex')) stored;

-- How often a contract is billed in its PSA: 1 monthly, 2 quarterly, 3 semi-annually, 4 yearly. Null until it is imported again.
alter table contract add column period smallint constraint contract_period_range check (period between 1 and 4);

-- The lines that a PSA shows without their units, as an import saw them last. A line that a person adds sells one of their services.
create table psa_service (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    contract_id bigint not null references contract,
    remote_id text not null,
    service_remote_id text not null,
    name text not null,
    unit_price numeric,
    unit_cost numeric,
    constraint psa_service_once unique (contract_id, remote_id)
);
create index psa_service_by_service on psa_service (integration_id, service_remote_id);

-- A silo's own limit of 30 s is for turns; what follows looks at every line.
set local statement_timeout = 0;

-- The days that a person gave a line inside its contract's: none for a line that begins and ends with that. A line that follows another writes to the same line of the
-- PSA from the day on which that one ends; each is followed once.
alter table service_line
    add column from_on date,
    add column until_on date,
    add column follows bigint references service_line,
    add column followed boolean not null default false,
    add constraint service_line_days check (until_on > from_on);
create unique index service_line_remote_once on service_line (contract_id, remote_id, (coalesce(follows, 0)));
alter table service_line drop constraint service_line_remote_unique;
create index service_line_by_followed on service_line (follows) where follows is not null;

-- Every line of the hub that writes to the same line of the PSA, itself included.
create function lines_of_remote(line bigint) returns setof bigint language sql stable parallel safe as $$
    select s.id from service_line p join service_line s on s.contract_id = p.contract_id and s.remote_id = p.remote_id where p.id = $1
$$;

-- What a PSA that adds lines was sent, or is owed; the ids of the lines it had before the first send, and what it calls the one that came of it.
alter table intent
    add column effect text constraint intent_effect check (effect in ('added_line', 'ticket')),
    add column known_lines text[],
    add column line_remote_id text;

-- Fewer units are a ticket, one for each intent. No foreign key: an intent is forgotten some day, its ticket is not.
alter table ticket
    add column intent_id bigint,
    add constraint ticket_of_intent_once unique (intent_id),
    add constraint ticket_of_one_cause check (intent_id is null or alert_id is null);

-- What a PSA gets of an intent: 'units', 'added_line' or 'ticket'; null when nothing has to be sent. One that is not sent yet is compared with what is wished before it,
-- or with what the line began with.
create function psa_effect(i intent) returns text language sql stable parallel safe as $$
    select case
        when not (select g.adds_lines from integration g where g.id = i.integration_id) then 'units'
        when i.effect is not null and i.state <> 'pending' then i.effect
        when i.desired_units > b.units then 'added_line'
        when i.desired_units < b.units then 'ticket'
    end
    from (
        select coalesce(
            (select n.desired_units from intent n
                where n.line_id in (select r.id from lines_of_remote(i.line_id) as r(id)) and n.id <> i.id and n.effective_on <= i.effective_on
                    and (n.state in ('confirmed', 'sending', 'in_doubt') or (n.state = 'pending' and n.effective_on < i.effective_on))
                order by n.effective_on desc, n.id desc
                limit 1),
            (select c.units from count_record c
                where c.line_id in (select r.id from lines_of_remote(i.line_id) as r(id)) and c.source = 'opening'
                order by c.line_id, c.effective_on
                limit 1),
            0) as units
    ) b
$$;

-- An item says what the PSA gets of it.
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
    e.charged_for, e.price_from, e.terms_from, e.terms_seq,
    case when e.kind = 'adjustment' then (
        select case when g.adds_lines then psa_effect(i) else 'units' end
        from intent i
        where i.line_id = e.line_id and i.effective_on = e.count_effective_on
        order by i.id desc
        limit 1
    ) end as psa_effect
from ledger_entry e
join service_line l on l.id = e.line_id
join contract k on k.id = l.contract_id
join integration g on g.id = k.integration_id
join psa_account a on a.id = k.account_id;
