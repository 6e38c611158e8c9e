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
