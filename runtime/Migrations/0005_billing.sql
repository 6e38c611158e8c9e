-- A line's turn puts every amount it owes into the ledger; a posting takes entries to be billed, each once and for ever. What no posting took is ready for review.
-- A posting is undone by entries of the opposite amount, and by the same ones again, which wait for review anew: the sum of a period stays what it must be.
alter table ledger_entry drop constraint ledger_entry_kind;
alter table ledger_entry add constraint ledger_entry_kind check (kind in ('charge', 'adjustment', 'reversal', 'again'));
alter table ledger_entry add column corrects_line_ver int, add column corrects_entry_no smallint;
alter table ledger_entry add constraint ledger_entry_corrects check (
    (kind in ('reversal', 'again')) = (corrects_line_ver is not null) and (corrects_line_ver is null) = (corrects_entry_no is null));
create unique index ledger_entry_corrected_once on ledger_entry (line_id, corrects_line_ver, corrects_entry_no, kind) where corrects_line_ver is not null;

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
    items int not null constraint posting_not_empty check (items > 0),
    posted_at timestamptz not null default now(),
    posted_by text not null,
    constraint posting_reversed_once unique (reverses),
    constraint posting_reverses check ((kind = 'reversal') = (reverses is not null))
);
create index posting_by_msp on posting (msp_id, id);

-- The key is the entry's: whatever is done at once or twice, an entry is in one posting.
create table posting_item (
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    posting_id bigint not null references posting,
    msp_id bigint not null,
    primary key (line_id, line_ver, entry_no)
);
create index posting_item_by_posting on posting_item (posting_id, line_id, line_ver, entry_no);

create table posting_total (
    posting_id bigint not null references posting,
    currency text not null,
    msp_id bigint not null,
    items int not null,
    amount numeric not null,
    primary key (posting_id, currency)
);

-- No entry of an earlier night waits to be posted, so that nobody looks through the years for what does.
create table posting_watermark (
    msp_id bigint primary key references msp,
    ready_since date not null
);

-- What somebody approves: the entries, and the hash of all they say. Applied as it is, or not at all.
create table plan (
    id bigint generated always as identity primary key,
    msp_id bigint not null references msp,
    account_id bigint references psa_account,
    contract_id bigint references contract,
    through_on date not null,
    hash text not null constraint plan_hash_length check (length(hash) = 64),
    items int not null,
    blocked int not null,
    created_at timestamptz not null default now(),
    created_by text not null,
    posting_id bigint references posting,
    applied_at timestamptz,
    applied_by text,
    constraint plan_applied_whole check ((posting_id is null) = (applied_at is null) and (posting_id is null) = (applied_by is null)),
    constraint plan_applied_once unique (posting_id)
);
create index plan_by_msp on plan (msp_id, id);

-- What an item said when it was planned, as a hash, and what kept it from being posted: enough to tell what changed since.
create table plan_item (
    plan_id bigint not null references plan,
    line_id bigint not null,
    line_ver int not null,
    entry_no smallint not null,
    msp_id bigint not null,
    hash text not null,
    block text,
    primary key (plan_id, line_id, line_ver, entry_no)
);

create table plan_total (
    plan_id bigint not null references plan,
    currency text not null,
    msp_id bigint not null,
    items int not null,
    amount numeric not null,
    primary key (plan_id, currency)
);

-- Contracts that a plan changes by more than may be applied without a person.
create table plan_attention (
    plan_id bigint not null references plan,
    contract_id bigint not null references contract,
    currency text not null,
    msp_id bigint not null,
    code text not null,
    adjustments numeric not null,
    regular numeric not null,
    primary key (plan_id, contract_id, currency)
);

-- What an entry says on a review, a plan or a posting. A block is a code, or null when the item may be posted: the contract or its account has
-- ended in the PSA, or the PSA refused the line's units, or nobody can say whether it has them, and it has confirmed none since.
-- Only an adjustment has an effect in the PSA; what it charges regularly, it charges by itself.
create view billing_item as
select e.line_id, e.line_ver, e.entry_no, e.msp_id, e.kind, e.period_from, e.period_until, e.from_on, e.until_on, e.units_delta, e.unit_price, e.amount,
    e.currency, e.night, e.count_effective_on, e.count_seq, e.recorded_at, e.corrects_line_ver, e.corrects_entry_no,
    l.name as line_name, l.in_advance, l.period, k.id as contract_id, k.name as contract_name, a.id as account_id, a.name as account_name,
    (select c.night from count_record c where c.line_id = e.line_id and c.effective_on = e.count_effective_on and c.seq = e.count_seq) as count_night,
    (select c.source from count_record c where c.line_id = e.line_id and c.effective_on = e.count_effective_on and c.seq = e.count_seq) as count_source,
    case when e.kind = 'adjustment' then (
        select i.desired_units from intent i
        where i.line_id = e.line_id and i.effective_on = e.count_effective_on
        order by i.id desc
        limit 1
    ) end as psa_units,
    exists (select 1 from hold h where h.line_id = e.line_id and h.resolved_at is null) as held,
    case when not k.active then 'contract_inactive' when not a.active then 'account_inactive' else (
        select case i.state when 'rejected' then 'psa_refused' else 'psa_unconfirmed' end
        from intent i
        where i.line_id = e.line_id
            and (i.state in ('rejected', 'parked') or (i.state = 'in_doubt' and i.sending_at < now() - interval '1 day'))
            and not exists (select 1 from intent n where n.line_id = i.line_id and n.id > i.id and n.state = 'confirmed')
        order by i.id desc
        limit 1
    ) end as block
from ledger_entry e
join service_line l on l.id = e.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id;

create trigger posting_append_only before update or delete on posting for each statement execute function refuse_change();
create trigger posting_item_append_only before update or delete on posting_item for each statement execute function refuse_change();
create trigger posting_total_append_only before update or delete on posting_total for each statement execute function refuse_change();

-- Emptying a table is a change too.
create trigger count_record_not_emptied before truncate on count_record for each statement execute function refuse_change();
create trigger ledger_entry_not_emptied before truncate on ledger_entry for each statement execute function refuse_change();
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();
create trigger posting_not_emptied before truncate on posting for each statement execute function refuse_change();
create trigger posting_item_not_emptied before truncate on posting_item for each statement execute function refuse_change();
create trigger posting_total_not_emptied before truncate on posting_total for each statement execute function refuse_change();

-- An owner who is no superuser also loses the right, so that a trigger that was switched off is not the only thing between a slip and the books. One column
-- of posting is left, which nobody can set: a row that is referred to is locked, and PostgreSQL wants the right to update something for that.
revoke update, delete, truncate on count_record, ledger_entry, audit, posting, posting_item, posting_total from current_user;
grant update (id) on posting to current_user;
