-- $1 msp, $2 webhook. Nothing is delivered any more; its secrets are forgotten.
update webhook set removed_at = now(), secret_protected = '', old_secret_protected = null, old_secret_until = null where msp_id = $1 and id = $2;
