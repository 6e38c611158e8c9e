-- $1 msp. Everything parked gets another five attempts, now.
with messages as (
    update message set parked_reason = null, parked_at = null, attempt = 0, due_at = now() where msp_id = $1 and parked_reason is not null returning 1
), reminders as (
    update reminder set parked_reason = null, parked_at = null, attempt = 0, due_at = now() where msp_id = $1 and parked_reason is not null returning 1
)
select (select count(*) from messages) + (select count(*) from reminders);
