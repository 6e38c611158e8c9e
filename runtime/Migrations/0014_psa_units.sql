-- Whoever released an intent said that it may set units which somebody else had changed.
alter table intent add column takes_over boolean not null default false;

-- The night that a PSA was last compared for, and what came of it.
alter table integration
    add column reconciled_night date,
    add column reconciled_at timestamptz,
    add column reconciled_lines int not null default 0,
    add column reconciled_waiting int not null default 0;

-- Lines of which the PSA shows something else than the hub wishes, for as long as it does. No units observed: the PSA shows none.
create table drift (
    line_id bigint primary key references service_line,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    since_night date not null,
    night date not null,
    desired_units numeric not null,
    observed_units numeric,
    reason text not null constraint drift_reason check (reason in ('other_units', 'no_units', 'intent_parked', 'intent_rejected')),
    seen_at timestamptz not null default now()
);
create index drift_by_msp on drift (msp_id, line_id);
create index drift_by_integration on drift (integration_id, line_id);

-- From when on a PSA bills changed units: 0 their own date, 1 the month with its peak, 2 the next month. A contract has its integration's: a line's turn reads the contract.
alter table integration add column unit_timing smallint not null default 0 constraint integration_unit_timing check (unit_timing between 0 and 2);
alter table contract add column unit_timing smallint not null default 0 constraint contract_unit_timing check (unit_timing between 0 and 2);

-- A customer's name without what two systems spell differently: case, accents of Latin letters, punctuation, blanks, "the", and the words for a company's form.
create function name_key(name text) returns text language sql immutable strict parallel safe as $$
    select regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(replace(lower(translate(name, 'ÀÁÂÃÄÅàáâãäåÈÉÊËèéêëÌÍÎÏìíîïÒÓÔÕÖØòóôõöøÙÚÛÜùúûüÇçÑñ', 'AAAAAAaaaaaaEEEEeeeeIIIIiiiiOOOOOOooooooUUUUuuuuCcNn')), '&', ' and '), '[.''’`]', '', 'g'),
                '[^[:alnum:]]+', ' ', 'g'),
            '\m(the|inc|incorporated|llc|llp|lp|ltd|limited|plc|corp|corporation|co|company|gmbh|ag|kg|bv|nv|sa|sarl|sas|srl|spa|oy|ab|as|aps|pty|pte)\M', '', 'g'),
        '\s+', '', 'g')
$$;
create index organization_by_name_key on organization (msp_id, name_key(name));
create index organization_by_remote_id on organization (msp_id, remote_id) where remote_id is not null;
create index psa_account_by_name_key on psa_account (msp_id, name_key(name));
