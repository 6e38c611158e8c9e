-- $1 msp.
select count(*) from job where msp_id = $1 and deleted_at is null;
