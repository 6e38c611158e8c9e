-- $1 msp, $2 webhook, $3 name, $4 url, $5 events, $6 whether enabled. What a receiver that has gone did not get is sent when a person enables it again, and at once at another address.
update webhook
set name = $3, url = $4, events = $5, state = case when $6 then 'enabled' when state = 'gone' then 'gone' else 'disabled' end,
    enabled_at = case when $6 and state <> 'enabled' then now() else enabled_at end, resting_until = now()
where msp_id = $1 and id = $2;
