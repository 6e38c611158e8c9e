-- $1 msp, $2 integration. With everything that is only its own. One statement: foreign keys are asked at its end. In the transaction that has locked it, and has
-- seen that nothing hangs on it.
with nights as (
    delete from night where msp_id = $1 and integration_id = $2
), chunks as (
    delete from vendor_chunk where msp_id = $1 and integration_id = $2
), budgets as (
    delete from vendor_budget where msp_id = $1 and integration_id = $2
), circuits as (
    delete from vendor_circuit where msp_id = $1 and integration_id = $2
), defaults as (
    delete from desk_default where msp_id = $1 and integration_id = $2
), overrides as (
    delete from desk_override where msp_id = $1 and integration_id = $2
), alerts as (
    update alert set integration_id = null, account_remote_id = null where msp_id = $1 and integration_id = $2
), writes as (
    delete from ticket_write where msp_id = $1 and integration_id = $2
), tickets as (
    delete from ticket where msp_id = $1 and integration_id = $2
), lists as (
    delete from desk_value where msp_id = $1 and integration_id = $2
), accounts as (
    delete from psa_account where msp_id = $1 and integration_id = $2
), told as (
    delete from feed_row r using feed_snapshot s where s.msp_id = $1 and s.integration_id = $2 and r.snapshot_id = s.id
), snapshots as (
    delete from feed_snapshot where msp_id = $1 and integration_id = $2
), tellers as (
    delete from api_key where msp_id = $1 and feed_id = $2
), feeds as (
    delete from feed where msp_id = $1 and integration_id = $2
), reminders as (
    delete from reminder where msp_id = $1 and grain_kind = 4 and grain_id = $2
), messages as (
    delete from message where msp_id = $1 and grain_kind = 4 and grain_id = $2
), runs as (
    delete from run where msp_id = $1 and grain_kind = 4 and grain_id = $2
)
delete from integration where msp_id = $1 and id = $2;
