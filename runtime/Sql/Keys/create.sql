-- $1 id, $2 msp, $3 name, $4 SHA-256 of the secret, $5 scope, $6 expires at (null: never), $7 by whom, $8 the feed that it is for (null: none).
insert into api_key (id, msp_id, name, secret_sha256, scope, expires_at, created_by, feed_id) values ($1, $2, $3, $4, $5, $6, $7, $8)
returning no;
