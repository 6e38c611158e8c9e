-- $1 msp, $2 integration, $3 who asks. What the credentials are, the secret still encrypted; that somebody asked is on record before anybody sees it.
with found as (
    select i.id, i.msp_id, i.kind, i.user_name, i.secret_protected, i.integration_code from integration i where i.msp_id = $1 and i.id = $2
), noted as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select f.msp_id, now(), $3, 'integration.revealed', 4, f.id, '', 'the secret was shown' from found f
)
select kind, user_name, secret_protected, integration_code from found;
