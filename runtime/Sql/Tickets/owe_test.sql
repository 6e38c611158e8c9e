-- $1 msp, $2 integration, $3 title, $4 details, $5 account, $6 location, $7 queue, $8 status, $9 type, $10 source, $11 priority, $12 issue type, $13 who. A ticket that is no alert's,
-- and the run that waits for it.
with opened as (
    insert into ticket (msp_id, integration_id, title, details, account_remote_id, location, queue, status, ticket_type, source, priority, issue_type, opened_at)
    values ($1, $2, $3, $4, $5, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text, $12::text, now())
    returning id, msp_id, integration_id, opened_at
), written as (
    insert into ticket_write (msp_id, integration_id, ticket_id, kind, at)
    select msp_id, integration_id, id, 'open', opened_at from opened
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $13, 'integration.test_ticket', 4, integration_id, '', 'ticket ' || id || ' is owed' from opened
)
insert into run (msp_id, kind, grain_kind, grain_id, ticket_id)
select msp_id, 'test_ticket', 4, integration_id, id from opened
returning id;
