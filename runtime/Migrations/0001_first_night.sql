-- One msp owns every row. Zones are IANA names; a night is a local date in that zone.
create table msp (
    id bigint generated always as identity primary key,
    name text not null constraint msp_name_length check (length(name) between 1 and 200),
    zone text not null,
    night_at time not null default '00:30',
    currency text not null default 'USD',
    hold_units numeric not null default 5 constraint msp_hold_units_range check (hold_units between 0 and 1000000000),
    hold_percent numeric not null default 30 constraint msp_hold_percent_range check (hold_percent between 0 and 1000),
    product_drop_percent numeric not null default 10 constraint msp_product_drop_range check (product_drop_percent between 0 and 100),
    missed_nights_max int not null default 3 constraint msp_missed_nights_range check (missed_nights_max between 0 and 31),
    created_at timestamptz not null default now()
);

-- A key is looked up by its public id; only the SHA-256 of its secret is kept.
create table api_key (
    id text primary key,
    msp_id bigint not null references msp,
    name text not null,
    secret_sha256 bytea not null,
    scope text not null constraint api_key_scope check (scope in ('viewer', 'operator', 'superuser')),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

-- The Data Protection key ring that vendor secrets are encrypted with.
create table protection_key (
    friendly_name text primary key,
    xml text not null,
    created_at timestamptz not null default now()
);

create table integration (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    kind text not null,
    name text not null,
    base_url text not null,
    user_name text not null,
    secret_protected text not null,
    integration_code text not null default '',
    reads_products boolean not null,
    credentials smallint not null default 1,
    credential_reason text,
    night_cursor date,
    failures int not null default 0,
    ver int not null default 1,
    created_at timestamptz not null default now(),
    constraint integration_name_unique unique (msp_id, name)
);

create table night (
    integration_id bigint not null references integration,
    night date not null,
    msp_id bigint not null references msp,
    state text not null constraint night_state check (state in ('running', 'incomplete', 'finished')),
    due int not null,
    read int not null,
    unread int not null,
    changed int not null,
    discovered int not null,
    failure_code text,
    failure_sentence text,
    started_at timestamptz not null,
    finished_at timestamptz,
    primary key (integration_id, night)
);
create index night_by_msp on night (msp_id, night);

create table organization (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    name text not null,
    remote_id text,
    mapping_version int not null default 0,
    ver int not null default 1,
    created_at timestamptz not null default now(),
    constraint organization_name_unique unique (msp_id, name)
);

create table psa_account (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    remote_id text not null,
    name text not null,
    active boolean not null,
    constraint psa_account_remote_unique unique (integration_id, remote_id)
);

create table product_tenant (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    product text not null,
    remote_id text not null,
    name text not null,
    customer_remote_id text,
    mapping_version int not null default 0,
    ver int not null default 1,
    created_at timestamptz not null default now(),
    constraint product_tenant_remote_unique unique (integration_id, product, remote_id)
) with (fillfactor = 80);

-- The last reading of each metric: written only when units or evidence change, so that a quiet night writes nothing here.
create table tenant_count (
    tenant_id bigint not null references product_tenant,
    metric text not null,
    msp_id bigint not null references msp,
    units numeric,
    evidence smallint not null,
    reason text,
    night date not null,
    observed_at timestamptz not null,
    primary key (tenant_id, metric)
) with (fillfactor = 80);

-- Every reading of every night, for evidence. Several reads of one night are numbered.
create table reading (
    tenant_id bigint not null,
    metric text not null,
    night date not null,
    read_no smallint not null,
    msp_id bigint not null,
    units numeric,
    evidence smallint not null,
    reason text,
    observed_at timestamptz not null,
    primary key (tenant_id, metric, night, read_no)
);

-- Dated mappings. A change retires the spans it cuts and writes them anew: history stays, live spans never overlap.
create table tenant_mapping (
    tenant_id bigint not null references product_tenant,
    version int not null,
    from_on date not null,
    msp_id bigint not null references msp,
    organization_id bigint references organization,
    until_on date,
    retired_in int,
    recorded_at timestamptz not null default now(),
    primary key (tenant_id, version, from_on),
    constraint tenant_mapping_not_empty check (until_on is null or until_on > from_on)
);
create index tenant_mapping_by_organization on tenant_mapping (organization_id) where retired_in is null;

create table organization_mapping (
    organization_id bigint not null references organization,
    version int not null,
    from_on date not null,
    msp_id bigint not null references msp,
    account_id bigint references psa_account,
    until_on date,
    retired_in int,
    recorded_at timestamptz not null default now(),
    primary key (organization_id, version, from_on),
    constraint organization_mapping_not_empty check (until_on is null or until_on > from_on)
);
create index organization_mapping_by_account on organization_mapping (account_id) where retired_in is null;

create table contract (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    account_id bigint not null references psa_account,
    remote_id text not null,
    name text not null,
    from_on date not null,
    until_on date not null,
    active boolean not null,
    ver int not null default 1,
    constraint contract_remote_unique unique (integration_id, remote_id),
    constraint contract_dates_in_order check (until_on > from_on)
);
create index contract_by_account on contract (account_id);

create table service_line (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    contract_id bigint not null references contract,
    remote_id text not null,
    service_remote_id text not null,
    name text not null,
    shard smallint not null generated always as ((id % 64)::smallint) stored,
    unit_price numeric not null,
    unit_cost numeric,
    currency text not null,
    period smallint not null,
    anchor_on date not null,
    in_advance boolean not null default true,
    minimum numeric,
    maximum numeric,
    rounding smallint not null default 1,
    basis smallint not null default 0,
    charged_until date not null,
    refresh_asked_at timestamptz,
    ver int not null default 1,
    constraint service_line_remote_unique unique (contract_id, remote_id),
    constraint service_line_price_range check (unit_price between 0 and 1000000000)
) with (fillfactor = 80);
create index service_line_by_msp on service_line (msp_id, id);

create table line_basis (
    line_id bigint not null references service_line,
    product text not null,
    metric text not null,
    msp_id bigint not null references msp,
    primary key (line_id, product, metric)
);

-- Absolute units from a date on. Append only.
create table count_record (
    line_id bigint not null references service_line,
    effective_on date not null,
    seq int not null,
    msp_id bigint not null references msp,
    units numeric not null,
    night date not null,
    source text not null,
    line_ver int not null,
    recorded_at timestamptz not null default now(),
    primary key (line_id, effective_on, seq)
);
create index count_record_by_night on count_record (msp_id, night);

-- Money. Append only.
create table ledger_entry (
    line_id bigint not null references service_line,
    line_ver int not null,
    entry_no smallint not null,
    msp_id bigint not null references msp,
    kind text not null constraint ledger_entry_kind check (kind in ('charge', 'adjustment')),
    period_from date not null,
    period_until date not null,
    from_on date not null,
    until_on date not null,
    units_delta numeric not null,
    unit_price numeric not null,
    amount numeric not null,
    currency text not null,
    night date not null,
    count_effective_on date not null,
    count_seq int not null,
    recorded_at timestamptz not null default now(),
    primary key (line_id, line_ver, entry_no)
);
create index ledger_entry_by_night on ledger_entry (msp_id, night);

-- Whoever is connected, these rows stay as they were written.
create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name using errcode = 'UB001'; end $$;
create trigger count_record_append_only before update or delete on count_record for each statement execute function refuse_change();
create trigger ledger_entry_append_only before update or delete on ledger_entry for each statement execute function refuse_change();

create table hold (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    line_id bigint not null references service_line,
    reason text not null,
    night date not null,
    previous_units numeric not null,
    proposed_units numeric,
    agreeing int not null,
    read_at timestamptz not null,
    opened_at timestamptz not null,
    resolved_at timestamptz,
    resolution text,
    resolved_by text
);
create unique index hold_open on hold (line_id) where resolved_at is null;
create index hold_by_msp on hold (msp_id, id) where resolved_at is null;

-- Work that is due at an instant. Narrow on purpose: "due" is indexed, so every change moves the row.
create table reminder (
    grain_kind smallint not null,
    grain_id bigint not null,
    name text not null,
    msp_id bigint not null,
    shard smallint not null,
    due_at timestamptz not null,
    night date,
    attempt smallint not null default 0,
    parked_reason text,
    parked_at timestamptz,
    primary key (grain_kind, grain_id, name)
);
create index reminder_due on reminder (shard, grain_kind, due_at, grain_id) where parked_reason is null;
create index reminder_parked on reminder (msp_id) where parked_reason is not null;

-- What one grain tells another. The identity is what is said, so a repeat of a pending message is no message.
create table message (
    id bigint generated always as identity primary key,
    grain_kind smallint not null,
    grain_id bigint not null,
    msp_id bigint not null,
    shard smallint not null,
    kind text not null,
    night date not null,
    cause smallint not null,
    due_at timestamptz not null default now(),
    attempt smallint not null default 0,
    parked_reason text,
    parked_at timestamptz,
    constraint message_said_once unique (grain_kind, grain_id, kind, night, cause)
);
create index message_due on message (shard, grain_kind, due_at, id) where parked_reason is null;
create index message_by_msp on message (msp_id);

-- A write owed to a PSA: the desired absolute state. One pending and one in flight per remote object and date.
create table intent (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    line_id bigint not null references service_line,
    contract_remote_id text not null,
    service_remote_id text not null,
    effective_on date not null,
    sent_on date not null,
    desired_units numeric not null,
    generation int not null default 1,
    state text not null default 'pending' constraint intent_state check (state in ('pending', 'sending', 'in_doubt', 'confirmed', 'rejected', 'parked')),
    attempt int not null default 0,
    due_at timestamptz not null default now(),
    observed_before numeric,
    delta numeric,
    sending_at timestamptz,
    first_seen_unchanged_at timestamptz,
    checks int not null default 0,
    acknowledged boolean not null default false,
    code text,
    sentence text,
    night date not null,
    created_at timestamptz not null default now(),
    settled_at timestamptz
);
create unique index intent_pending_once on intent (integration_id, service_remote_id, effective_on) where state = 'pending';
create unique index intent_in_flight_once on intent (integration_id, contract_remote_id) where state in ('sending', 'in_doubt');
create index intent_due on intent (integration_id, due_at) where state in ('pending', 'sending', 'in_doubt');
create index intent_by_line on intent (line_id, id);
create index intent_by_night on intent (msp_id, night);

-- Work that somebody asked for and waits for.
create table run (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    kind text not null,
    grain_kind smallint not null,
    grain_id bigint not null,
    state text not null default 'running' constraint run_state check (state in ('running', 'done', 'failed')),
    code text,
    sentence text,
    progress_done int not null default 0,
    progress_total int not null default 0,
    started_at timestamptz not null default now(),
    finished_at timestamptz
);
create index run_waiting on run (grain_kind, grain_id) where state = 'running';

create table audit (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    at timestamptz not null,
    actor text not null,
    action text not null,
    grain_kind smallint not null,
    grain_id bigint not null,
    before text not null,
    after text not null
);
create trigger audit_append_only before update or delete on audit for each statement execute function refuse_change();
