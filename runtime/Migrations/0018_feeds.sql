-- What is told to the hub instead of being read by it: an integration that calls nobody. A feed tells of one product, so that a complete snapshot is complete.
create table feed (
    integration_id bigint primary key references integration,
    msp_id bigint not null references msp,
    product text not null,
    metrics text[] not null
);

-- One telling. The night is when its counts held; a silo hands them to the tenants in the order of their ids, and takes up there again after a crash.
create table feed_snapshot (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    integration_id bigint not null references integration,
    idempotency_key text not null constraint feed_snapshot_key_length check (length(idempotency_key) between 1 and 200),
    request_sha256 bytea not null,
    as_of date not null,
    complete boolean not null,
    accepted int not null,
    refused int not null,
    fed_at timestamptz not null,
    fed_by text not null,
    taken_through bigint not null default 0,
    taken_at timestamptz,
    constraint feed_snapshot_key_unique unique (integration_id, idempotency_key)
);
create index feed_snapshot_waiting on feed_snapshot (integration_id, id) where taken_at is null;
create index feed_snapshot_taken on feed_snapshot (taken_at) where taken_at is not null;

-- Its rows as they were checked: accepted without a code, refused with one. What was refused is kept as far as it could be read.
create table feed_row (
    snapshot_id bigint not null references feed_snapshot,
    row_no int not null,
    msp_id bigint not null references msp,
    external_id text,
    metric text,
    units numeric,
    code text,
    field text,
    sentence text,
    primary key (snapshot_id, row_no),
    constraint feed_row_accepted check (code is not null or (external_id is not null and metric is not null and units is not null))
);

-- A key that a script holds may tell one feed, and do or see nothing else.
alter table api_key
    add column feed_id bigint references feed,
    drop constraint api_key_scope,
    add constraint api_key_scope check (scope in ('feed', 'viewer', 'operator', 'superuser')),
    add constraint api_key_feed check ((scope = 'feed') = (feed_id is not null));
