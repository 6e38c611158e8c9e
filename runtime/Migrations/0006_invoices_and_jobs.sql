-- What is posted waits here for its invoice. A posting's items are never changed, so what is left of them is a list of its own: making invoices
-- looks at what waits, not at everything that was ever posted.
create table invoice_due (
    msp_id bigint not null,
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    primary key (msp_id, line_id, line_ver, entry_no)
);
create function await_invoice() returns trigger language plpgsql as
$$
begin
    insert into invoice_due (msp_id, line_id, line_ver, entry_no) select msp_id, line_id, line_ver, entry_no from posted;
    return null;
end
$$;
create trigger posting_item_awaits_invoice after insert on posting_item referencing new table as posted for each statement execute function await_invoice();
insert into invoice_due (msp_id, line_id, line_ver, entry_no) select msp_id, line_id, line_ver, entry_no from posting_item;

-- The last number given. A sequence would leave holes where a transaction was undone; this row is undone with it.
create table invoice_counter (
    msp_id bigint primary key references msp,
    last_number bigint not null constraint invoice_counter_range check (last_number >= 0)
);

-- When something is to be billed by itself: one contract, or all that the msp has. The next date is the job's, the instant follows from the zone.
create table job (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    name text not null constraint job_name_length check (length(name) between 1 and 200),
    contract_id bigint references contract,
    action text not null constraint job_action check (action in ('post', 'post_and_bill', 'generate_invoice')),
    -- one of: a day of the month (32: the last), a day of the week (1: Monday), a date
    month_day smallint constraint job_month_day_range check (month_day between 1 and 32),
    week_day smallint constraint job_week_day_range check (week_day between 1 and 7),
    dated_on date,
    run_at time not null,
    next_on date,
    due_at timestamptz,
    attempt smallint not null default 0,
    created_at timestamptz not null default now(),
    created_by text not null,
    deleted_at timestamptz,
    constraint job_scheduled_once check (num_nonnulls(month_day, week_day, dated_on) = 1),
    constraint job_due_whole check ((next_on is null) = (due_at is null)),
    constraint job_deleted_rests check (deleted_at is null or due_at is null)
);
create index job_due on job (due_at) where due_at is not null;
create index job_by_msp on job (msp_id, id);

-- What a job did: one row for each of its dates, and one for each time that a person asked.
create table job_run (
    id bigint generated always as identity primary key,
    job_id bigint not null references job,
    msp_id bigint not null references msp,
    scheduled_on date,
    through_on date not null,
    asked_by text,
    state text not null constraint job_run_state check (state in ('asked', 'running', 'waits_for_approval', 'done', 'failed', 'overtaken')),
    code text,
    sentence text,
    plan_id bigint references plan,
    posting_id bigint references posting,
    attempt smallint not null default 0,
    due_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    constraint job_run_once unique (job_id, scheduled_on),
    constraint job_run_cause check ((scheduled_on is null) <> (asked_by is null)),
    constraint job_run_finished check ((state in ('done', 'failed', 'overtaken')) = (finished_at is not null))
);
create index job_run_by_job on job_run (job_id, id);
create unique index job_run_asked_once on job_run (job_id) where state = 'asked';
create index job_run_open on job_run (due_at) where state in ('asked', 'waits_for_approval');

create table invoice (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    number bigint not null constraint invoice_number_range check (number > 0),
    account_id bigint not null references psa_account,
    currency text not null,
    issued_on date not null,
    total numeric not null constraint invoice_total_range check (total >= 0),
    lines int not null constraint invoice_lines_range check (lines > 0),
    -- as they were called on that day
    msp_name text not null,
    account_name text not null,
    job_run_id bigint references job_run,
    issued_at timestamptz not null default now(),
    issued_by text not null,
    constraint invoice_number_unique unique (msp_id, number)
);
create index invoice_by_account on invoice (account_id, number);
create index invoice_by_job_run on invoice (job_run_id) where job_run_id is not null;
create trigger invoice_append_only before update or delete on invoice for each statement execute function refuse_change();

-- A line of an invoice is one entry of the ledger, once and for ever; the ledger has its units, price and amount.
create table invoice_line (
    invoice_id bigint not null references invoice,
    line_no int not null,
    msp_id bigint not null,
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    contract_id bigint not null,
    contract_name text not null,
    item text not null,
    primary key (invoice_id, line_no),
    constraint invoice_line_billed_once unique (line_id, line_ver, entry_no)
);
create trigger invoice_line_append_only before update or delete on invoice_line for each statement execute function refuse_change();
create trigger invoice_not_emptied before truncate on invoice for each statement execute function refuse_change();
create trigger invoice_line_not_emptied before truncate on invoice_line for each statement execute function refuse_change();

-- As for the other books: an owner who is no superuser loses the right to change them, but for the one column that locking a row that is referred to asks for.
revoke update, delete, truncate on invoice, invoice_line from current_user;
grant update (id) on invoice to current_user;
