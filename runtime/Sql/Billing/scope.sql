-- $1 msp, $2 account or null, $3 contract or null. Whether each is the msp's, and the contract the account's.
select ($2::bigint is null or exists (select 1 from psa_account a where a.msp_id = $1 and a.id = $2)),
    ($3::bigint is null or exists (select 1 from contract k where k.msp_id = $1 and k.id = $3 and ($2::bigint is null or k.account_id = $2)));
