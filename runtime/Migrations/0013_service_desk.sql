-- What a PSA's lists hold: the values that tickets may be given. A value that is gone stays, because settings and tickets name it, but is not offered.
create table desk_value (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    list text not null constraint desk_value_list check (list in ('location', 'queue', 'status', 'ticket_type', 'source', 'priority', 'issue_type')),
    -- what it belongs to: a location's account; empty for most lists
    parent_remote_id text not null,
    remote_id text not null,
    name text not null,
    active boolean not null,
    preset boolean not null,
    -- the run that saw it last
    seen_in bigint not null,
    constraint desk_value_once unique (integration_id, list, parent_remote_id, remote_id)
);
create index desk_value_by_id on desk_value (integration_id, list, remote_id);

-- What tickets are opened with, field by field: for all organizations, and for one instead. A field without a row is left to the PSA, or to the default.
create table desk_default (
    integration_id bigint not null references integration,
    field text not null,
    msp_id bigint not null references msp,
    value text,
    synced boolean not null,
    primary key (integration_id, field),
    constraint desk_default_says_something check ((value is null) = not synced),
    constraint desk_default_priorities_only check (synced or starts_with(field, 'priority_'))
);
create table desk_override (
    integration_id bigint not null references integration,
    organization_id bigint not null references organization,
    field text not null,
    msp_id bigint not null references msp,
    -- null and synced: left to the PSA, whatever the default says
    value text,
    synced boolean not null,
    primary key (integration_id, organization_id, field),
    constraint desk_override_not_synced_has_no_value check (synced or value is null),
    constraint desk_override_priorities_only check (synced or starts_with(field, 'priority_'))
);

-- Something that is wrong somewhere, by the name that whoever tells of it gives it. A grain: each telling is a turn.
create table alert (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    identity text not null constraint alert_identity_length check (length(identity) between 1 and 200),
    open boolean not null default false,
    occurrence int not null default 0,
    repeats int not null default 0,
    ticketed boolean not null default false,
    severity smallint not null default 5 constraint alert_severity_range check (severity between 1 and 5),
    title text not null default '',
    -- the last tellings by their senders' names for them: a telling that comes twice is known
    events text[] not null default '{}',
    integration_id bigint references integration,
    organization_id bigint references organization,
    account_remote_id text,
    raised_at timestamptz,
    last_at timestamptz,
    cleared_at timestamptz,
    ver int not null default 1,
    constraint alert_identity_unique unique (msp_id, identity)
);
create index alert_open on alert (msp_id, id) where open;
create index alert_by_integration on alert (integration_id) where open;

-- A ticket that a PSA has, or is owed, with what it was opened with: the PSA's ids. Without an alert it is a test.
create table ticket (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    alert_id bigint references alert,
    occurrence int,
    title text not null,
    details text not null,
    account_remote_id text not null,
    location text,
    queue text,
    status text,
    ticket_type text,
    source text,
    priority text,
    issue_type text,
    opened_at timestamptz not null,
    state text not null default 'owed' constraint ticket_state check (state in ('owed', 'open', 'closed', 'withdrawn')),
    remote_id text,
    number text,
    link text,
    status_now text,
    closed_at timestamptz,
    constraint ticket_once_an_occurrence unique (alert_id, occurrence),
    constraint ticket_of_an_occurrence check ((alert_id is null) = (occurrence is null)),
    constraint ticket_known_when_open check (state in ('owed', 'withdrawn') or remote_id is not null)
);
create index ticket_by_msp on ticket (msp_id, id);
create index ticket_by_integration on ticket (integration_id, account_remote_id, id);

-- Writes owed to a PSA's service desk, one after the other for each ticket. The mark is how a lost one is found again.
create table ticket_write (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    ticket_id bigint not null references ticket,
    kind text not null constraint ticket_write_kind check (kind in ('open', 'note', 'close')),
    mark text not null default 'ub-' || replace(gen_random_uuid()::text, '-', ''),
    title text not null default '',
    text text not null default '',
    status text,
    at timestamptz not null,
    -- grows when a later note takes the place of one that was not sent yet
    generation int not null default 1,
    state text not null default 'pending' constraint ticket_write_state check (state in ('pending', 'sending', 'in_doubt', 'confirmed', 'parked', 'withdrawn')),
    attempt int not null default 0,
    due_at timestamptz not null default now(),
    sending_at timestamptz,
    acknowledged boolean not null default false,
    checks int not null default 0,
    first_unseen_at timestamptz,
    code text,
    sentence text,
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    constraint ticket_write_mark_unique unique (mark),
    constraint ticket_write_status_of_close check ((kind = 'close') = (status is not null))
) with (fillfactor = 80);
create unique index ticket_write_in_flight_once on ticket_write (ticket_id) where state in ('sending', 'in_doubt');
create unique index ticket_write_opens_once on ticket_write (ticket_id) where kind = 'open';
create index ticket_write_owed on ticket_write (integration_id, ticket_id, id) where state in ('pending', 'sending', 'in_doubt', 'parked');
create index ticket_write_of_ticket on ticket_write (ticket_id, id);
create index ticket_write_parked on ticket_write (id) where state = 'parked';

-- A run that opens a test ticket is ended by whoever sends the ticket.
alter table run add column ticket_id bigint references ticket;
create index run_by_ticket on run (ticket_id) where ticket_id is not null;
