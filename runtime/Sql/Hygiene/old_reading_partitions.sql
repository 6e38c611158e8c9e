-- $1 date. Months whose partition has no reading of that date or later.
select m.first_on
from (
    select to_date(right(c.relname, 7), 'YYYY_MM') as first_on
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'reading'::regclass and c.relname <> 'reading_default'
) m
where m.first_on + interval '1 month' <= $1
order by m.first_on;
