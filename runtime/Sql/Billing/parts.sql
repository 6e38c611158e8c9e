-- $1 msp, $2 job, $3 run, $4 after, $5 how many. What became of a run's accounts, in the order in which they are posted.
select w.part_no, w.account_id, a.name, w.contract_id, k.name, w.state, w.items, w.blocked, w.code, w.plan_id, w.posting_id
from job_run_part w
join job_run r on r.id = w.run_id
join psa_account a on a.id = w.account_id
left join contract k on k.id = w.contract_id
where r.msp_id = $1 and r.job_id = $2 and r.id = $3 and w.part_no > $4
order by w.part_no
limit $5;
