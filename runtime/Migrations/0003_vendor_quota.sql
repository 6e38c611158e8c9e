-- What the hub may call of one vendor account in a rolling window, whichever silo calls. The row is also the lock under which chunks are taken.
-- The endpoint is empty where the account has one limit for all.
create table vendor_budget (
    integration_id bigint not null references integration,
    endpoint text not null,
    msp_id bigint not null references msp,
    window_minutes int not null constraint vendor_budget_window_range check (window_minutes > 0),
    allowed int not null constraint vendor_budget_allowed_range check (allowed >= 0),
    -- what the vendor said last: calls used and allowed, everybody together; the ceiling is what that leaves to the hub
    vendor_used int,
    vendor_allowed int,
    used_by_others int,
    ceiling int,
    observed_at timestamptz,
    asked_at timestamptz,
    primary key (integration_id, endpoint)
);

-- Calls that a silo took in one go, to be made within a minute. What it did not use it gives back.
create table vendor_chunk (
    id bigint generated always as identity primary key,
    integration_id bigint not null,
    endpoint text not null,
    msp_id bigint not null references msp,
    taken_at timestamptz not null default clock_timestamp(),
    calls int not null constraint vendor_chunk_calls_range check (calls >= 0),
    foreign key (integration_id, endpoint) references vendor_budget
);
create index vendor_chunk_of_budget on vendor_chunk (integration_id, endpoint, taken_at);

-- A vendor that is down: nobody calls until then, and after that one call tries.
create table vendor_circuit (
    integration_id bigint primary key references integration,
    msp_id bigint not null references msp,
    opened_at timestamptz not null,
    open_until timestamptz not null,
    reason text not null
);
