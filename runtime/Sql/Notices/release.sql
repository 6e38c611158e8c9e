-- $1 msp, $2 id, $3 actor. A person says: try again. It goes to the addresses that the contract has now, except those that were told.
with released as (
    update notice n
    set state = 'failed', attempt = 0, due_at = now(), settled_at = null, code = 'released', sentence = null,
        addresses = array(select a from unnest(s.addresses) with ordinality as t(a, place) where a <> all(n.told) order by place)
    from notice_setting s
    where n.msp_id = $1 and n.id = $2 and n.state = 'parked' and s.contract_id = n.contract_id and s.enabled and not s.addresses <@ n.told
    returning n.id, n.msp_id, n.contract_id
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $3, 'notice.release', 5, contract_id, 'notice ' || id || ' parked', 'due again'
    from released
)
select id from released;
