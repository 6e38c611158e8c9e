-- $1 integration, $2 night, $3 msp. The night is under way, unless it is finished already.
insert into night (integration_id, night, msp_id, state, due, read, unread, changed, discovered, started_at)
values ($1, $2, $3, 'running', 0, 0, 0, 0, 0, now())
on conflict (integration_id, night) do update set state = 'running' where night.state <> 'finished';
