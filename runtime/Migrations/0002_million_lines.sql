-- Work of a line lies in the shard of its contract: the lines of a contract come into one batch, which loads what feeds them once.
-- Every line may change in one night: a page keeps room for the new version of each of its rows, so that no index has to learn a new place.
alter table service_line set (fillfactor = 50);
alter table service_line drop column shard;
alter table service_line add column shard smallint not null generated always as ((contract_id % 64)::smallint) stored;
update reminder r set shard = l.shard from service_line l where r.grain_kind = 3 and r.grain_id = l.id and r.shard <> l.shard;
update message m set shard = l.shard from service_line l where m.grain_kind = 3 and m.grain_id = l.id and m.shard <> l.shard;

-- What all lines of a contract must hear is one message to the contract; about says which metric it is about: product/metric/, or empty for everything.
-- One index finds the work of a shard in the order of its grains and keeps a message from being said twice. A drain goes through it once,
-- from grain to grain, and never meets again what it has deleted, not even while an old transaction keeps PostgreSQL from forgetting it.
alter table message add column about text not null default '';
drop index message_due;
drop index message_by_msp;
alter table message drop constraint message_said_once;
alter table message add constraint message_said_once unique (shard, grain_kind, grain_id, night, cause, kind, about);

-- A turn holds the lock of the line that it writes counts, money and wishes for, and lines, msps and integrations are never deleted: a foreign key
-- would ask seven times per turn for what is known. The invariants compare the ids instead.
alter table count_record drop constraint count_record_line_id_fkey, drop constraint count_record_msp_id_fkey;
alter table ledger_entry drop constraint ledger_entry_line_id_fkey, drop constraint ledger_entry_msp_id_fkey;
alter table intent drop constraint intent_line_id_fkey, drop constraint intent_msp_id_fkey, drop constraint intent_integration_id_fkey;

-- A line is one remote object: its key is narrower than the PSA's words for it.
drop index intent_pending_once;
create unique index intent_pending_once on intent (line_id, effective_on) where state = 'pending';

-- A tenant's reminder moves every night and is found by its key, never by its time: without an index on the time its new version lies on the same
-- page as the old one. So reminders lie apart by kind of grain, and only those that are claimed by time are indexed by it.
set local statement_timeout = 0;
alter table reminder rename to reminder_before;
alter table reminder_before rename constraint reminder_pkey to reminder_before_pkey;
drop index reminder_due;
drop index reminder_parked;
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
) partition by list (grain_kind);
create table reminder_tenant partition of reminder for values in (1) with (fillfactor = 50);
create table reminder_line partition of reminder for values in (3);
create table reminder_other partition of reminder default;
create index reminder_due on reminder_line (shard, due_at, grain_id) where parked_reason is null;
create index reminder_parked on reminder (msp_id) where parked_reason is not null;
insert into reminder (grain_kind, grain_id, name, msp_id, shard, due_at, night, attempt, parked_reason, parked_at)
select grain_kind, grain_id, name, msp_id, shard, due_at, night, attempt, parked_reason, parked_at from reminder_before;
drop table reminder_before;
