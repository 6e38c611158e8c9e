-- $1 msp, $2 contract, $3 whether enabled, $4 addresses, $5 actor, $6 how the audit says it. No row: no such contract. What was counted before it was turned on is never told.
with known as (
    select k.id, k.msp_id,
        coalesce(s.enabled, false) as enabled, coalesce(s.addresses, array[]::text[]) as addresses, s.enabled_at
    from contract k
    left join notice_setting s on s.contract_id = k.id
    where k.msp_id = $1 and k.id = $2
), kept as (
    insert into notice_setting (contract_id, msp_id, enabled, addresses, enabled_at)
    select id, msp_id, $3, $4::text[], case when $3 then now() end
    from known
    on conflict (contract_id) do update
    set enabled = excluded.enabled, addresses = excluded.addresses,
        enabled_at = case when not excluded.enabled then null else coalesce(notice_setting.enabled_at, excluded.enabled_at) end
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $5, 'contract.notices', 5, id, case when enabled then 'on: ' else 'off: ' end || array_to_string(addresses, ' '), $6
    from known
)
select id from known;
