-- $1 id, $2 msp, $3 name, $4 SHA-256 of the secret, $5 scope.
insert into api_key (id, msp_id, name, secret_sha256, scope) values ($1, $2, $3, $4, $5);
