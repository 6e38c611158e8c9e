-- Where an msp wants to be told of what happens, and each thing that it is told: written by the transaction in which it happened, sent by silos afterwards.
create table webhook (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    name text not null,
    url text not null,
    events text[] not null constraint webhook_events_some check (cardinality(events) > 0),
    -- gone: the receiver said that it wants nothing any more; disabled: a person said so
    state text not null default 'enabled' constraint webhook_state check (state in ('enabled', 'disabled', 'gone')),
    secret_protected text not null,
    -- signs beside the new one until then
    old_secret_protected text,
    old_secret_until timestamptz,
    -- a receiver that failed is left alone until then
    resting_until timestamptz not null default now(),
    -- nights that were over before are not told
    enabled_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    created_by text not null,
    -- no longer there for people; its deliveries go with their own retention
    removed_at timestamptz,
    constraint webhook_old_secret_whole check ((old_secret_protected is null) = (old_secret_until is null))
);
create unique index webhook_name on webhook (msp_id, name) where removed_at is null;

-- One event for one webhook. What it tells of is its identity, chosen before: whoever writes it twice writes it once, and the receiver knows it by an id that follows from it.
create table webhook_delivery (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    webhook_id bigint not null references webhook,
    event text not null,
    about text not null,
    message_id uuid not null generated always as (md5(msp_id::text || '/' || event || '/' || about)::uuid) stored,
    -- the very bytes that are signed
    body text not null,
    state text not null default 'pending' constraint webhook_delivery_state check (state in ('pending', 'sending', 'failed', 'delivered', 'parked')),
    attempt int not null default 0,
    -- in "sending": when the silo that has it is given up
    due_at timestamptz not null default now(),
    last_status int,
    code text,
    sentence text,
    created_at timestamptz not null default now(),
    settled_at timestamptz,
    constraint webhook_delivery_once unique (webhook_id, event, about)
);
create index webhook_delivery_due on webhook_delivery (webhook_id, due_at, id) where state in ('pending', 'sending', 'failed');
create index webhook_delivery_of_webhook on webhook_delivery (webhook_id, id);
create index webhook_delivery_parked on webhook_delivery (id) where state = 'parked';

-- Who wants to be told of what: the one question that is asked before anything is written.
create view webhook_wish with (security_invoker = true) as
select w.msp_id, w.id as webhook_id, e.event, w.enabled_at
from webhook w
cross join unnest(w.events) as e(event)
where w.state = 'enabled' and w.removed_at is null;

-- What a receiver gets: the type, the instant of the transaction, and what happened.
create function webhook_body(event text, content json) returns text language sql stable parallel safe as $$
    select json_build_object('type', event, 'timestamp', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', content)::text
$$;

-- A line with the contract and the customer that it is for.
create function webhook_line(line_id bigint) returns table (line json, contract json, account json) language sql stable parallel safe as $$
    select json_build_object('id', l.id, 'name', l.name), json_build_object('id', k.id, 'name', k.name), json_build_object('id', a.id, 'name', a.name)
    from service_line l
    join contract k on k.id = l.contract_id
    join psa_account a on a.id = k.account_id
    where l.id = line_id
$$;

select keep_apart('webhook', 'select, insert, update', 'select, update');
select keep_apart('webhook_delivery', 'select, insert, update', 'select, insert, update');
do $$ begin execute format('grant select on webhook_wish to %I, %I', hub_role('api'), hub_role('silo')); end $$;
