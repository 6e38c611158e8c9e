-- $1 msp, $2 name, $3 beside this one.
select exists (select 1 from webhook where msp_id = $1 and name = $2 and id <> $3 and removed_at is null);
