-- $1 name, $2 zone, $3 currency. The msp of that name, made when there is none.
with found as (select id from msp where name = $1 order by id limit 1),
made as (insert into msp (name, zone, currency) select $1, $2, $3 where not exists (select 1 from found) returning id)
select id from found union all select id from made;
