-- $1 run, $2 msp, $3 through, $4 items of one plan, $5 parts at most. Accounts with something to post, and where an account has more than a plan may have, its
-- contracts. What is ready is what Postings/ready finds. None when there are too many of them.
with ready as (
    select i.account_id, i.contract_id, count(*) as items
    from billing_item i
    where i.msp_id = $2
        and i.night >= (select coalesce(max(w.ready_since), date '-infinity') from posting_watermark w where w.msp_id = $2)
        and (i.kind <> 'charge' or case when i.in_advance then i.period_from else i.period_until - 1 end <= $3::date)
        and not exists (select 1 from posting_item p where p.line_id = i.line_id and p.line_ver = i.line_ver and p.entry_no = i.entry_no)
    group by i.account_id, i.contract_id
), part as (
    select distinct r.account_id, case when sum(r.items) over (partition by r.account_id) > $4::int then r.contract_id end as contract_id
    from ready r
)
insert into job_run_part (run_id, part_no, msp_id, account_id, contract_id)
select $1, row_number() over (order by p.account_id, p.contract_id), $2, p.account_id, p.contract_id
from part p
where (select count(*) from part) <= $5::int;
