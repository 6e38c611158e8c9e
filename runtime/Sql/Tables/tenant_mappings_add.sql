-- $1 tenants, $2 versions, $3 from, $4 msps, $5 organizations, $6 until.
insert into tenant_mapping (tenant_id, version, from_on, msp_id, organization_id, until_on)
select * from unnest($1::bigint[], $2::int[], $3::date[], $4::bigint[], $5::bigint[], $6::date[]);
