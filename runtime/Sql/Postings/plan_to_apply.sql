-- $1 msp, $2 plan, $3 days that it may be applied. Read under the msp's lock.
select account_id, contract_id, through_on, hash, created_by, posting_id, created_at + make_interval(days => $3) < now(), created_at + make_interval(days => $3)
from plan
where msp_id = $1 and id = $2;
