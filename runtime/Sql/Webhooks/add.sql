-- $1 msp, $2 name, $3 url, $4 events, $5 whether enabled, $6 protected secret, $7 actor. No row: another one has the name.
insert into webhook (msp_id, name, url, events, state, secret_protected, created_by)
values ($1, $2, $3, $4, case when $5 then 'enabled' else 'disabled' end, $6, $7)
on conflict (msp_id, name) where removed_at is null do nothing
returning id;
