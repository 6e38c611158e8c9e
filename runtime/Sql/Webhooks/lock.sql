-- $1 msp, $2 webhook. As it stands; it stays so until the transaction ends.
select name, url, events, state, secret_protected from webhook where msp_id = $1 and id = $2 and removed_at is null for no key update;
