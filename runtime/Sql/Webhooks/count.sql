-- $1 msp.
select count(*) from webhook where msp_id = $1 and removed_at is null;
