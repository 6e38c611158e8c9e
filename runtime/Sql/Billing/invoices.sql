-- $1 msp, $2 this one only or null, $3 before this id, $4 how many, $5 account or null, $6 issued from or null, $7 issued through or null. The last first.
select id, number, account_id, account_name, currency, issued_on, total, lines, job_run_id, issued_at, issued_by, msp_name
from invoice
where msp_id = $1 and ($2::bigint is null or id = $2) and id < $3 and ($5::bigint is null or account_id = $5)
    and ($6::date is null or issued_on >= $6) and ($7::date is null or issued_on <= $7)
order by id desc
limit $4;
