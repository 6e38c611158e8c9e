-- $1 msp, $2 integration, $3 name. No row: the name is another one's. In the transaction that has locked the msp's names.
update integration i
set name = $3
where i.msp_id = $1 and i.id = $2 and not exists (select 1 from integration o where o.msp_id = $1 and o.name = $3 and o.id <> $2)
returning i.id;
