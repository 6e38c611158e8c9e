-- $1 id. Asked before it is known whose rows may be seen.
select msp_id, name, secret_sha256, scope, used_long_ago, feed_id from api_key_called($1);
