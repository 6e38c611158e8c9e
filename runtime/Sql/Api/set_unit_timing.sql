-- $1 msp, $2 integration, $3 timing, $4 actor, $5 how the audit says it. No row: no such PSA. What was wished before keeps its dates.
with known as (
    select i.id, i.msp_id, i.unit_timing from integration i where i.msp_id = $1 and i.id = $2 and not i.reads_products for no key update
), kept as (
    update integration i set unit_timing = $3 from known where i.id = known.id and i.unit_timing <> $3
), followed as (
    update contract k set unit_timing = $3 from known where k.integration_id = known.id and k.unit_timing <> $3
), written_down as (
    insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after)
    select msp_id, now(), $4, 'integration.unit_timing', 4, id, unit_timing::text, $5 from known where unit_timing <> $3
)
select id from known;
