-- $1 msp, $2 account or null, $3 contract or null. Whether the msp has them, and the contract is the account's.
select
    $2::bigint is null or exists (select 1 from psa_account a where a.id = $2 and a.msp_id = $1),
    $3::bigint is null or exists (select 1 from contract k where k.id = $3 and k.msp_id = $1 and ($2::bigint is null or k.account_id = $2));
