-- $1 the number of the night, $2 first msp, $3 last msp. From this commit on every integration of those msps is due.
with numbered as (
    update integration set integration_code = $1 where reads_products and msp_id between $2 and $3
)
update reminder set due_at = now() where grain_kind = 4 and msp_id between $2 and $3;
