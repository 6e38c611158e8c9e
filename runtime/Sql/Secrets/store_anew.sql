-- $1 integration or webhook, $2 the secret as it was stored, $3 the same secret under another key. No two are stored alike.
with integrations as (
    update integration set secret_protected = $3 where id = $1 and secret_protected = $2
)
update webhook
set secret_protected = case when secret_protected = $2 then $3 else secret_protected end, old_secret_protected = case when old_secret_protected = $2 then $3 else old_secret_protected end
where id = $1 and $2 in (secret_protected, old_secret_protected);
