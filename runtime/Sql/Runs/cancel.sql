-- $1 msp, $2 run, $3 who. No row: it has ended. A test ticket that nothing was sent of is not sent any more; one that is on its way arrives.
with cancelled as (
    update run
    set state = 'cancelled', cancelled_by = $3, code = 'cancelled', sentence = 'A person ended it; what was done by then stays done.', finished_at = now()
    where msp_id = $1 and id = $2 and state = 'running'
    returning id, msp_id, kind, grain_kind, grain_id, ticket_id
), unsent as (
    update ticket_write w
    set state = 'withdrawn', settled_at = now(), code = 'cancelled', sentence = 'The run that wanted it was cancelled.'
    from cancelled c
    where w.ticket_id = c.ticket_id and w.kind = 'open' and w.state = 'pending'
    returning w.ticket_id
), withdrawn as (
    update ticket t set state = 'withdrawn' from unsent u where t.id = u.ticket_id and t.state = 'owed'
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $3, 'run.cancel', grain_kind, grain_id, 'run ' || id || ', ' || kind || ', goes on', 'cancelled' from cancelled
)
select id from cancelled;
