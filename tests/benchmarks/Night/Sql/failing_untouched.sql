-- $1 lines that fail, $2 night. Anything that was written of them all the same.
select (select count(*) from service_line where id = any($1::bigint[]) and ver <> 1)
    + (select count(*) from count_record where line_id = any($1::bigint[]) and source <> 'opening')
    + (select count(*) from ledger_entry where line_id = any($1::bigint[]) and night = $2)
    + (select count(*) from intent where line_id = any($1::bigint[]));
