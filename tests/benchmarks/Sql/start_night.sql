-- $1 the number of the night. From this commit on every integration is due.
with numbered as (
    update integration set integration_code = $1 where reads_products
)
update reminder set due_at = now() where grain_kind = 4;
