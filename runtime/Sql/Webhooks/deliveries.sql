-- $1 msp, $2 webhook, $3 this one only (null for all), $4 before, $5 how many, $6 state or null. The newest first.
select d.id, d.event, d.message_id, d.state, d.attempt, d.last_status, d.code, d.sentence, d.body, d.created_at, case when d.state in ('pending', 'failed') then d.due_at end, d.settled_at
from webhook_delivery d
where d.msp_id = $1 and d.webhook_id = $2 and ($3::bigint is null or d.id = $3) and d.id < $4 and ($6::text is null or d.state = $6)
order by d.id desc
limit $5;
