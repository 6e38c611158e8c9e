-- $1 alerts, $2 msps, $3 integrations, $4 occurrences, $5 titles, $6 details, $7 accounts, $8 locations, $9 queues, $10 statuses, $11 types, $12 sources, $13 priorities,
-- $14 issue types, $15 at. A ticket that an occurrence has already is not owed again.
with opened as (
    insert into ticket (msp_id, integration_id, alert_id, occurrence, title, details, account_remote_id, location, queue, status, ticket_type, source, priority, issue_type, opened_at)
    select o.msp_id, o.integration_id, o.alert_id, o.occurrence, o.title, o.details, o.account_remote_id, o.location, o.queue, o.status, o.ticket_type, o.source, o.priority, o.issue_type, o.at
    from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
        $14::text[], $15::timestamptz[])
        as o(alert_id, msp_id, integration_id, occurrence, title, details, account_remote_id, location, queue, status, ticket_type, source, priority, issue_type, at)
    on conflict (alert_id, occurrence) do nothing
    returning id, msp_id, integration_id, opened_at
)
insert into ticket_write (msp_id, integration_id, ticket_id, kind, at)
select msp_id, integration_id, id, 'open', opened_at from opened;
