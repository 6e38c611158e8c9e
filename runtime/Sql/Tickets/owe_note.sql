-- $1 alerts, $2 occurrences, $3 titles, $4 texts, $5 at. A note that was not sent yet is written anew instead: it has the number of all tellings.
with asked as (
    select t.id, t.msp_id, t.integration_id, n.title, n.text, n.at
    from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) as n(alert_id, occurrence, title, text, at)
    join ticket t on t.alert_id = n.alert_id and t.occurrence = n.occurrence
), written_anew as (
    update ticket_write w
    set title = a.title, text = a.text, at = a.at, generation = w.generation + 1
    from asked a
    where w.ticket_id = a.id and w.kind = 'note' and w.state = 'pending' and w.attempt = 0
    returning w.ticket_id
)
insert into ticket_write (msp_id, integration_id, ticket_id, kind, title, text, at)
select a.msp_id, a.integration_id, a.id, 'note', a.title, a.text, a.at
from asked a
where not exists (select 1 from written_anew w where w.ticket_id = a.id);
