-- A contract may ask that somebody is told when its units changed. Turns know nothing of it: what changed is found afterwards, by the versions of its lines.
create table notice_setting (
    contract_id bigint primary key references contract,
    msp_id bigint not null references msp,
    enabled boolean not null,
    addresses text[] not null constraint notice_setting_addresses_max check (cardinality(addresses) <= 20),
    -- nothing that was counted before is told
    enabled_at timestamptz,
    -- what the versions of its lines added up to when nothing was left to tell: as long as they still do, none of them took a turn
    versions_seen bigint not null default 0,
    constraint notice_setting_enabled_whole check (not enabled or (enabled_at is not null and cardinality(addresses) > 0))
);
create index notice_setting_enabled on notice_setting (msp_id, contract_id) where enabled;

-- One message to a contract's addresses about one night. Its words follow from its items, so that it says the same however often it is sent.
create table notice (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    contract_id bigint not null references contract,
    night date not null,
    state text not null default 'due' constraint notice_state check (state in ('due', 'sending', 'failed', 'sent', 'parked')),
    message_id uuid not null default gen_random_uuid(),
    -- who is still to be told, and who was
    addresses text[] not null default '{}',
    told text[] not null default '{}',
    attempt int not null default 0,
    due_at timestamptz not null,
    found_at timestamptz not null default now(),
    written_at timestamptz,
    settled_at timestamptz,
    code text,
    sentence text,
    constraint notice_once_a_night unique (contract_id, night),
    constraint notice_written_before_sent check (state = 'due' or written_at is not null)
);
create index notice_due on notice (due_at) where state in ('due', 'sending', 'failed');
create index notice_by_msp on notice (msp_id, id);

-- What a notice says of one line, and through which version of it: later versions are a later notice's. Lines are never deleted, and a foreign key would
-- write a lock into each of their rows.
create table notice_item (
    line_id bigint not null,
    notice_id bigint not null references notice on delete cascade,
    msp_id bigint not null,
    units_before numeric not null,
    units_after numeric not null,
    first_on date not null,
    effective_on date not null,
    prorated numeric not null,
    currency text not null,
    through_ver int not null,
    primary key (line_id, notice_id)
);
create index notice_item_by_notice on notice_item (notice_id, line_id);
