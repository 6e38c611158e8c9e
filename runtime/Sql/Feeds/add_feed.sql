-- $1 msp, $2 name, $3 product, $4 metrics. An integration without a vendor: nothing to call, nothing secret. No row: the name is taken.
with added as (
    insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products)
    values ($1, 'feed', $2, '', '', '', '', true)
    on conflict on constraint integration_name_unique do nothing
    returning id, msp_id
)
insert into feed (integration_id, msp_id, product, metrics)
select id, msp_id, $3, $4 from added
returning integration_id;
