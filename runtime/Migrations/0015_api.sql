-- Runs are listed by msp, the newest first.
create index run_by_msp on run (msp_id, id);

-- What was answered to a request that its sender may repeat. One that has no answer is being worked on, or was cut off: it is never done a second time.
create table repeatable_request (
    msp_id bigint not null references msp,
    key text not null constraint repeatable_request_key check (length(key) between 1 and 200),
    asked bytea not null,
    asked_at timestamptz not null default now(),
    status smallint,
    content_type text,
    location text,
    answer bytea,
    primary key (msp_id, key)
);
create index repeatable_request_by_age on repeatable_request (asked_at);
alter table repeatable_request set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
