-- $1 msp, $2 id. A person says: try again, whoever changed the units meanwhile. The PSA is read first, as always. A wish that a newer one has replaced stays where it is.
-- What else of the line waits because somebody else changes it is released with it. What was sent and may have arrived is not rewritten: it ends, and a new wish
-- follows it, on the day it was sent for at the earliest; what a PSA that adds lines had before stays known, so that a line which did arrive is found. What was confirmed
-- for later dates of the line, or is on its way, is wished again: a PSA that keeps differences moves those along. Lines of the hub that follow each other are one line of
-- the PSA. A ticket is looked for by its mark before it is sent again, whatever became of it. The answer is the intent that is tried.
with asked as (
    select o.own from intent i
    cross join lateral (select array_agg(r.id) as own from lines_of_remote(i.line_id) as r(id)) o
    where i.msp_id = $1 and i.id = $2 and i.state in ('rejected', 'parked') and not exists (
        select 1 from intent n where n.line_id = any(o.own) and n.effective_on = i.effective_on and n.id > i.id)
), chosen as (
    select i.id, i.state = 'parked' and i.sending_at is not null and i.effect is distinct from 'ticket' as may_have_arrived
    from asked a
    join intent i on i.line_id = any(a.own) and i.state in ('rejected', 'parked') and (i.id = $2 or i.code = 'second_writer') and not exists (
        select 1 from intent n where n.line_id = any(a.own) and n.effective_on = i.effective_on and n.id > i.id)
), released as (
    update intent i
    set state = 'pending', generation = i.generation + 1, attempt = 0, checks = 0, first_seen_unchanged_at = null, acknowledged = false, due_at = now(), settled_at = null, code = 'released', sentence = null, takes_over = true, sent_on = i.effective_on
    from chosen c
    where i.id = c.id and not c.may_have_arrived and i.state in ('rejected', 'parked')
    returning i.id, i.line_id, i.effective_on
), ended as (
    update intent i
    set state = 'rejected', code = 'superseded', sentence = 'A person released it; what was sent stays on record, and a new intent follows.', settled_at = now()
    from chosen c
    where i.id = c.id and c.may_have_arrived and i.state = 'parked'
    returning i.id, i.msp_id, i.integration_id, i.line_id, i.contract_remote_id, i.service_remote_id, i.effective_on, i.sent_on, i.desired_units, i.night, i.known_lines, i.delta
), followed as (
    insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, takes_over, code, known_lines, delta)
    select e.msp_id, e.integration_id, e.line_id, e.contract_remote_id, e.service_remote_id, e.effective_on, e.sent_on, e.desired_units, e.night, true, 'released', e.known_lines,
        case when e.known_lines is not null then e.delta end
    from ended e
    on conflict do nothing
    returning id, line_id, effective_on
), tried as (
    select id, line_id, effective_on from released
    union all
    select id, line_id, effective_on from followed
), later as (
    select distinct on (n.effective_on) n.id, n.msp_id, n.integration_id, n.line_id, n.contract_remote_id, n.service_remote_id, n.effective_on, n.desired_units, n.night, n.state
    from (select a.own, min(t.effective_on) as first_on from asked a cross join tried t group by a.own) r
    join intent n on n.line_id = any(r.own) and n.effective_on > r.first_on
    order by n.effective_on, n.id desc
), wished_again as (
    insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, takes_over)
    select l.msp_id, l.integration_id, l.line_id, l.contract_remote_id, l.service_remote_id, l.effective_on, l.effective_on, l.desired_units, l.night, true
    from later l
    where l.state in ('confirmed', 'sending', 'in_doubt')
    on conflict do nothing
)
select t.id from tried t where t.id = $2 or t.effective_on = (select e.effective_on from ended e where e.id = $2);
