-- $1 msp, $2 remote ids, $3 names. A source's customers become organizations once; a name that is taken stays whose it is.
insert into organization (msp_id, name, remote_id)
select $1, c.name, c.remote_id from unnest($2::text[], $3::text[]) as c(remote_id, name)
where not exists (select 1 from organization o where o.msp_id = $1 and o.remote_id = c.remote_id)
order by c.name
on conflict (msp_id, name) do nothing;
