-- $1 msp, $2 kind, $3 grain, $4 who. What is parked of one grain gets another five attempts, now. A tenant is read when its integration is due: it wakes too.
with messages as (
    update message set parked_reason = null, parked_at = null, attempt = 0, due_at = now()
    where msp_id = $1 and parked_reason is not null and grain_kind = $2 and grain_id = $3
    returning 1
), reminders as (
    update reminder set parked_reason = null, parked_at = null, attempt = 0, due_at = now()
    where msp_id = $1 and parked_reason is not null and grain_kind = $2 and grain_id = $3
    returning grain_kind, grain_id
), woken as (
    update reminder r set due_at = now()
    where r.grain_kind = 4 and r.name = 'read' and r.msp_id = $1 and r.parked_reason is null and r.due_at > now()
        and r.grain_id in (select t.integration_id from product_tenant t join reminders p on p.grain_kind = 1 and p.grain_id = t.id)
), counted as (
    select (select count(*) from messages) + (select count(*) from reminders) as released
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select $1, now(), $4, 'parked.release', $2, $3, released || ' parked', 'due again' from counted where released > 0
)
select released from counted;
