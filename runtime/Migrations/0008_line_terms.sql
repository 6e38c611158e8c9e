-- What a line costs besides its first price, minimum and maximum. A line that has one price and no terms of its own has nothing here, and its row says so:
-- extra is 1 when there are other prices, 2 when there are other terms, 3 for both.
alter table service_line
    add column extra smallint not null default 0 constraint service_line_extra check (extra between 0 and 3),
    -- the contract's dates that the ledger was written with, so that the difference can be posted when they move
    add column service_from date,
    add column service_until date,
    -- what the running period was charged for in advance by a mode that counts at the month's end
    add column running_units numeric;

-- A silo's own limit of 30 s is for turns; what follows writes every line once.
set local statement_timeout = 0;
update service_line l set service_from = k.from_on, service_until = k.until_on from contract k where k.id = l.contract_id;

-- Every price but the first, which is service_line.unit_price. For one date the greatest number counts.
create table line_price (
    line_id bigint not null references service_line,
    effective_on date not null,
    seq int not null,
    msp_id bigint not null references msp,
    unit_price numeric not null constraint line_price_range check (unit_price between 0 and 1000000000),
    line_ver int not null,
    recorded_at timestamptz not null default now(),
    primary key (line_id, effective_on, seq)
);

-- Other terms for every period that begins on a date or later; a setting that is null is the msp's.
create table line_terms (
    line_id bigint not null references service_line,
    from_on date not null,
    seq int not null,
    msp_id bigint not null references msp,
    minimum numeric,
    maximum numeric,
    included numeric,
    tier_kind smallint,
    mode smallint,
    change_day smallint,
    day_count smallint,
    line_style smallint,
    line_rounding smallint,
    unit_price_rounding smallint,
    increases smallint,
    decreases smallint,
    closed_periods_back_max int,
    line_ver int not null,
    recorded_at timestamptz not null default now(),
    primary key (line_id, from_on, seq),
    constraint line_terms_limits check (maximum >= minimum)
);

-- The price list of those terms, in order; only the last tier has no end. No foreign key: to lock what it refers to, PostgreSQL wants the right to update it.
create table line_tier (
    line_id bigint not null,
    from_on date not null,
    seq int not null,
    step smallint not null,
    msp_id bigint not null,
    up_to numeric,
    unit_price numeric not null,
    flat_fee numeric not null,
    primary key (line_id, from_on, seq, step)
);

-- How an msp wants its lines prorated, for periods that begin on a date or later. Changed only before its date.
create table msp_proration (
    msp_id bigint not null references msp,
    from_on date not null,
    mode smallint not null,
    change_day smallint not null,
    day_count smallint not null,
    line_style smallint not null,
    line_rounding smallint not null,
    unit_price_rounding smallint not null,
    increases smallint not null,
    decreases smallint not null,
    closed_periods_back_max int,
    primary key (msp_id, from_on)
);

-- From when on the price of an entry held, or its price list; null for the first price, and for entries written before this was known.
alter table ledger_entry
    add column price_from date,
    add column charged_for text constraint ledger_entry_charged_for check (charged_for in ('average', 'flat_fee'));

create trigger line_price_append_only before update or delete on line_price for each statement execute function refuse_change();
create trigger line_terms_append_only before update or delete on line_terms for each statement execute function refuse_change();
create trigger line_tier_append_only before update or delete on line_tier for each statement execute function refuse_change();
create trigger line_price_not_emptied before truncate on line_price for each statement execute function refuse_change();
create trigger line_terms_not_emptied before truncate on line_terms for each statement execute function refuse_change();
create trigger line_tier_not_emptied before truncate on line_tier for each statement execute function refuse_change();
revoke update, delete, truncate on line_price, line_terms, line_tier from current_user;

-- Lines whose amounts follow from one price, minimum, maximum and the days of their periods: what the statements about money can recompute.
create view plain_line as
select l.id
from service_line l
where l.extra = 0 and not exists (select 1 from msp_proration p where p.msp_id = l.msp_id);
