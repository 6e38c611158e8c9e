-- $1 integration, $2 msp, $3 remote ids, $4 names, $5 active. Accounts that are gone stay, flagged by the PSA itself as inactive.
insert into psa_account (msp_id, integration_id, remote_id, name, active)
select $2, $1, a.remote_id, a.name, a.active from unnest($3::text[], $4::text[], $5::boolean[]) as a(remote_id, name, active)
order by a.remote_id
on conflict (integration_id, remote_id) do update set name = excluded.name, active = excluded.active
where (psa_account.name, psa_account.active) is distinct from (excluded.name, excluded.active);
