-- $1 integration, $2 remote ids of every account the PSA has. Accounts that the PSA has no more stay, flagged.
update psa_account set active = false
where integration_id = $1 and active and remote_id <> all($2::text[]);
