-- $1 msp, $2 name, $3 remote id or null. No row: the name is taken.
insert into organization (msp_id, name, remote_id) values ($1, $2, $3::text)
on conflict on constraint organization_name_unique do nothing
returning id;
