-- $1 msp, $2 ids. In the order of their numbers.
select id, number, account_id, account_name, currency, issued_on, total, lines, job_run_id, issued_at, issued_by
from invoice
where msp_id = $1 and id = any ($2)
order by number;
