-- $1 id, $2 generation, $3 attempt, $4 units before, $5 delta, $6 sent on, $7 title, $8 details, $9 account, $10 location, $11 queue, $12 status, $13 type, $14 source, $15 priority,
-- $16 issue type. Fewer units become a ticket, one for each intent, in the same commit; from here on the ticket says how it ends. One that waits for a person is tried again
-- with what holds now, under its own mark: it is looked for before. No row: as for a line that is added.
with taken as (
    update intent i
    set state = 'in_doubt', effect = 'ticket', sent_on = $6, attempt = i.attempt + 1, observed_before = $4, delta = $5, sending_at = now(), first_seen_unchanged_at = null, checks = 0,
        acknowledged = false, code = 'ticket_owed', sentence = 'The change is a ticket, which is on its way.'
    where i.id = $1 and i.generation = $2 and i.attempt = $3 and i.state = 'pending' and not exists (
        select 1 from intent f
        where f.integration_id = i.integration_id and f.contract_remote_id = i.contract_remote_id and f.state in ('sending', 'in_doubt'))
        and not exists (
        select 1 from intent u
        where u.line_id in (select r.id from lines_of_remote(i.line_id) as r(id)) and u.state = 'parked' and num_nonnulls(u.sending_at, u.known_lines) > 0)
    returning i.id, i.msp_id, i.integration_id
), opened as (
    insert into ticket (msp_id, integration_id, intent_id, title, details, account_remote_id, location, queue, status, ticket_type, source, priority, issue_type, opened_at)
    select t.msp_id, t.integration_id, t.id, $7, $8, $9, $10::text, $11::text, $12::text, $13::text, $14::text, $15::text, $16::text, now() from taken t
    on conflict on constraint ticket_of_intent_once do update
    set title = excluded.title, details = excluded.details, account_remote_id = excluded.account_remote_id, location = excluded.location, queue = excluded.queue, status = excluded.status,
        ticket_type = excluded.ticket_type, source = excluded.source, priority = excluded.priority, issue_type = excluded.issue_type
    returning id, msp_id, integration_id, opened_at
), again as (
    update ticket_write w
    set state = 'pending', attempt = 0, checks = 0, first_unseen_at = null, acknowledged = false, due_at = now(), settled_at = null, code = 'released', sentence = null
    from opened o
    where w.ticket_id = o.id and w.kind = 'open' and w.state = 'parked'
), written as (
    insert into ticket_write (msp_id, integration_id, ticket_id, kind, at)
    select o.msp_id, o.integration_id, o.id, 'open', o.opened_at from opened o
    where not exists (select 1 from ticket_write w where w.ticket_id = o.id and w.kind = 'open')
)
select id from taken;
