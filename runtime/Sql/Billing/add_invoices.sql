-- $1 msp, $2 date, $3 run of a job or null, $4 who, $5 numbers, $6 accounts, $7 currencies, $8 totals, $9 lines.
insert into invoice (msp_id, number, account_id, currency, issued_on, total, lines, msp_name, account_name, job_run_id, issued_by)
select m.id, w.number, a.id, w.currency, $2, w.total, w.lines, m.name, a.name, $3, $4
from unnest($5::bigint[], $6::bigint[], $7::text[], $8::numeric[], $9::int[]) as w(number, account_id, currency, total, lines)
join msp m on m.id = $1
join psa_account a on a.id = w.account_id
order by w.number
returning id, number;
