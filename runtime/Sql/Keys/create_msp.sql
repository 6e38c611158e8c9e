-- $1 name, $2 zone, $3 run time, $4 currency. No row: the name is taken. In the transaction that has locked the msps.
insert into msp (name, zone, night_at, currency)
select $1, $2, $3, $4 where not exists (select 1 from msp where name = $1)
returning id;
