insert into line_basis (line_id, product, metric, msp_id)
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
on conflict do nothing;
