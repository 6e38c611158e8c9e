-- $1 night. What was written more than once.
select (select count(*) from (select 1 from count_record where night = $1 and source <> 'opening' group by line_id having count(*) > 1) as counts)
    + (select count(*) from (select 1 from ledger_entry where night = $1 group by line_id having count(*) > 1) as entries)
    + (select count(*) from (select 1 from reading where night = $1 group by tenant_id, metric having count(*) > 1) as readings);
