-- $1 msp, $2 id. A person says: try again, whoever changed the units meanwhile. The PSA is read first, as always. A wish that a newer one has replaced stays where it is.
-- What else of the line waits because somebody else changes it is released with it. What was confirmed for later dates of the line, or is on its way, is wished
-- again: a PSA that keeps differences moves those along.
with asked as (
    select i.line_id from intent i
    where i.msp_id = $1 and i.id = $2 and i.state in ('rejected', 'parked') and not exists (
        select 1 from intent n where n.line_id = i.line_id and n.effective_on = i.effective_on and n.id > i.id)
), released as (
    update intent i
    set state = 'pending', generation = i.generation + 1, attempt = 0, checks = 0, first_seen_unchanged_at = null, acknowledged = false, due_at = now(), settled_at = null, code = 'released', sentence = null, takes_over = true, sent_on = i.effective_on
    from asked a
    where i.line_id = a.line_id and i.state in ('rejected', 'parked') and (i.id = $2 or i.code = 'second_writer') and not exists (
        select 1 from intent n where n.line_id = i.line_id and n.effective_on = i.effective_on and n.id > i.id)
    returning i.id, i.line_id, i.effective_on
), later as (
    select distinct on (n.effective_on) n.id, n.msp_id, n.integration_id, n.line_id, n.contract_remote_id, n.service_remote_id, n.effective_on, n.desired_units, n.night, n.state
    from (select r.line_id, min(r.effective_on) as first_on from released r group by r.line_id) r
    join intent n on n.line_id = r.line_id and n.effective_on > r.first_on
    order by n.effective_on, n.id desc
), wished_again as (
    insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, takes_over)
    select l.msp_id, l.integration_id, l.line_id, l.contract_remote_id, l.service_remote_id, l.effective_on, l.effective_on, l.desired_units, l.night, true
    from later l
    where l.state in ('confirmed', 'sending', 'in_doubt')
    on conflict do nothing
)
select id from released where id = $2;
