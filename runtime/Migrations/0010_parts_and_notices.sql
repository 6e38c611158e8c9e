-- What one plan cannot hold, a run of a job posts account by account, and an account that is too large by itself contract by contract. Each part is a
-- commit of its own, so that a run whose silo died goes on where it was.
create table job_run_part (
    run_id bigint not null references job_run,
    part_no int not null,
    msp_id bigint not null references msp,
    account_id bigint not null references psa_account,
    contract_id bigint references contract,
    state text not null default 'due' constraint job_run_part_state check (state in ('due', 'posted', 'empty', 'waiting', 'failed', 'overtaken')),
    items int not null default 0 constraint job_run_part_items_range check (items >= 0),
    blocked int not null default 0 constraint job_run_part_blocked_range check (blocked >= 0),
    code text,
    plan_id bigint references plan,
    posting_id bigint references posting,
    primary key (run_id, part_no),
    constraint job_run_part_posted check ((state = 'posted') = (posting_id is not null)),
    constraint job_run_part_waits_for_plan check (state <> 'waiting' or plan_id is not null),
    constraint job_run_part_failed_why check ((state = 'failed') = (code is not null))
);
create index job_run_part_due on job_run_part (run_id, part_no) where state = 'due';
create index job_run_part_waiting on job_run_part (run_id) where state = 'waiting';
create index job_run_part_by_plan on job_run_part (plan_id) where plan_id is not null;

-- A run that is seen while it is running has parts left.
drop index job_run_open;
create index job_run_open on job_run (due_at) where state in ('asked', 'running', 'waits_for_approval');
create index job_run_by_plan on job_run (plan_id) where plan_id is not null;

-- Parked notices are counted every few seconds, and old ones looked for every day.
create index notice_parked on notice (id) where state = 'parked';
create index notice_sent on notice (settled_at) where state = 'sent';
