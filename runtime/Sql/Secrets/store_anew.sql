-- $1 integration, $2 the secret as it was stored, $3 the same secret under another key.
update integration set secret_protected = $3 where id = $1 and secret_protected = $2;
