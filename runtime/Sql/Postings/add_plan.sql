-- $1 msp, $2 account or null, $3 contract or null, $4 through, $5 hash, $6 items, $7 blocked, $8 actor.
insert into plan (msp_id, account_id, contract_id, through_on, hash, items, blocked, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id, created_at;
