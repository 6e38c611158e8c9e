-- A line's turn puts every amount it owes into the ledger; a posting takes entries to be billed, each once and for ever. What no posting took is ready for review.
-- A posting is undone by entries of the opposite amount, and by the same ones again, which wait for review anew: the sum of a period stays what it must be.
alter table ledger_entry drop constraint ledger_entry_kind;
alter table ledger_entry add constraint ledger_entry_kind check (kind in ('charge', 'adjustment', 'reversal', 'again'));
alter table ledger_entry add column corrects_line_ver int, add column corrects_entry_no smallint;

-- Plans that change little may be applied by a job alone: every contract's adjustments within both limits. Without limits a person applies every plan.
alter table msp
    add column apply_percent numeric constraint msp_apply_percent_range check (apply_percent between 0 and 1000),
    add column apply_amount numeric constraint msp_apply_amount_range check (apply_amount between 0 and 1000000000),
    add column four_eyes boolean not null default false;

create table posting (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    kind text not null constraint posting_kind check (kind in ('posting', 'reversal')),
    reverses bigint references posting,
    through_on date not null,
    items int not null,
    posted_at timestamptz not null default now(),
    posted_by text not null,
    constraint posting_reversed_once unique (reverses)
);
create index posting_by_msp on posting (msp_id, id);
create trigger posting_append_only before update or delete on posting for each statement execute function refuse_change();

create table posting_item (
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    posting_id bigint not null references posting,
    msp_id bigint not null,
    primary key (line_id, line_ver, entry_no)
);
create index posting_item_by_posting on posting_item (posting_id, line_id, line_ver, entry_no);
create trigger posting_item_append_only before update or delete on posting_item for each statement execute function refuse_change();

-- What somebody approves: the entries, and the hash of all they say. Applied as it is, or not at all.
create table plan (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    account_id bigint references psa_account,
    contract_id bigint references contract,
    through_on date not null,
    hash text not null constraint plan_hash_length check (length(hash) = 64),
    items int not null,
    created_at timestamptz not null default now(),
    created_by text not null,
    posting_id bigint references posting,
    applied_at timestamptz,
    applied_by text,
    constraint plan_applied_whole check ((posting_id is null) = (applied_at is null) and (posting_id is null) = (applied_by is null)),
    constraint plan_applied_once unique (posting_id)
);
create index plan_by_msp on plan (msp_id, id);

create table plan_item (
    plan_id bigint not null references plan,
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    msp_id bigint not null,
    primary key (plan_id, line_id, line_ver, entry_no)
);
