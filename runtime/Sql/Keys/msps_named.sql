-- $1 name. Rows made by hand may share one: more than one means that the name does not say which.
select id from msp where name = $1 order by id limit 2;
