-- $1 night. Changed lines without a count or an entry, tenants without both readings or without a reminder for the next night, nights that did not end.
select (select count(*) from bench_expected e where e.changed
        and (not exists (select 1 from count_record c where c.line_id = e.line_id and c.night = $1 and c.source <> 'opening')
            or not exists (select 1 from ledger_entry l where l.line_id = e.line_id and l.night = $1)))
    + (select count(*) * 2 from product_tenant) - (select count(*) from reading where night = $1)
    + (select count(*) from product_tenant) - (select count(*) from reminder where grain_kind = 1 and name = 'read' and night = $1 + 1)
    + (select count(*) from integration where reads_products) - (select count(*) from night where night = $1 and state = 'finished');
