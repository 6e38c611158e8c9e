-- A silo's own limit of 30 s is for turns; what follows copies every reading there is.
set local statement_timeout = 0;

-- Readings come in every night for every tenant and metric, and are never changed. By month they can be dropped as whole tables, which leaves
-- nothing behind to vacuum; deleting 6,000,000 rows a month would.
alter table reading rename to reading_before;
alter table reading_before rename constraint reading_pkey to reading_before_pkey;
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
) partition by range (night);

-- Whatever night a reading has, there is a place for it: a month that nobody made a partition for lands here until its partition is made.
create table reading_default partition of reading default;

-- Makes the partition of a month, with the readings of that month that lie in the default partition. Attaching lets turns go on, where
-- "create table … partition of" would lock them out; only the default partition is locked, so that nothing can slip in between.
-- Returns whether the partition was missing.
create function make_reading_partition(month date) returns boolean language plpgsql set lock_timeout = '1s' as
$$
declare
    first_on date := date_trunc('month', month)::date;
    until_on date := (date_trunc('month', month) + interval '1 month')::date;
    partition_name text := 'reading_' || to_char(month, 'YYYY_MM');
begin
    if to_regclass(partition_name) is not null then return false; end if;
    execute format('create table %I (like reading including indexes) with (autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000)', partition_name);
    lock table reading_default in access exclusive mode;
    execute format(
        'with moved as (delete from reading_default where night >= %L and night < %L'
        ' returning tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)'
        ' insert into %I (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)'
        ' select tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at from moved', first_on, until_on, partition_name);
    execute format('alter table reading attach partition %I for values from (%L) to (%L)', partition_name, first_on, until_on);
    return true;
end
$$;

-- Drops the partition of a month. Dropping waits for every turn that reads readings, and turns wait behind it: for a second at most, then the
-- janitor tries another day.
create function drop_reading_partition(month date) returns void language plpgsql set lock_timeout = '1s' as
$$ begin execute format('drop table %I', 'reading_' || to_char(month, 'YYYY_MM')); end $$;

select make_reading_partition(m.first_on::date)
from (
    select distinct date_trunc('month', night) as first_on from reading_before
    union
    select generate_series(date_trunc('month', current_date), date_trunc('month', current_date) + interval '3 months', interval '1 month')
) m
order by m.first_on;
insert into reading (tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at)
select tenant_id, metric, night, read_no, msp_id, units, evidence, reason, observed_at from reading_before;
drop table reading_before;

-- What the janitor did: one row per step, and a row "end" when all steps of a run were tried. Rows are rows deleted, partitions made or dropped,
-- indexes rebuilt.
create table janitor_run (
    id bigint generated always as identity primary key,
    run_at timestamptz not null,
    step text not null,
    rows bigint not null,
    milliseconds bigint not null,
    fault text
);
create index janitor_run_by_step on janitor_run (step, run_at);

-- Autovacuum waits by default for a fifth of a table to be dead: 200,000 entries of a million, which every claim of due work steps over.
-- Two in a hundred and 5,000 rows keep the dead below what a claim notices; analyzing as often keeps plans true while a night fills a table.
-- Reminders and messages turn over completely in a night, and their vacuum has to keep up with turns: more work before each pause.
alter table reminder_tenant set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02,
    autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_limit = 2000);
alter table reminder_line set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02,
    autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_limit = 2000);
alter table message set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02,
    autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_limit = 2000);

-- One row for each thing there is, updated in place: dead versions are mostly removed by the next update of the same page, and vacuum takes the rest.
alter table service_line set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000);
alter table tenant_count set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000);
alter table product_tenant set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000);

-- An intent is updated about five times within minutes and then stands for years: a fifth of all that ever were would be a long wait.
-- Its due time and state are indexed, so room on its page would save nothing.
alter table intent set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 5000);

-- Progress of a run, passes of a night, failures of an integration: small rows, updated often in columns that no index has. Room on the page lets
-- the new version lie beside the old one. The default threshold of 50 rows suits small tables.
alter table run set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table night set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table integration set (fillfactor = 80);

-- What the watchdog counts every few seconds: few rows of large tables.
create index message_parked on message (msp_id) where parked_reason is not null;
create index intent_for_a_person on intent (state) where state in ('rejected', 'parked');
