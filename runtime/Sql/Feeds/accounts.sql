-- $1 msp, $2 feed. What the feed knows by an id, and the name it has.
select t.remote_id, t.name from product_tenant t where t.msp_id = $1 and t.integration_id = $2 order by t.remote_id;
