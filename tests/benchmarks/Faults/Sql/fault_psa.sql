-- $1 kind, $2 base url, $3 user, $4 protected secret, $5 integration code. A PSA that is to be imported and whose lists are to be read.
with psa as (
    insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products)
    values (1, $1, $1, $2, $3, $4, $5, false)
    returning id
), runs as (
    insert into run (msp_id, kind, grain_kind, grain_id)
    select 1, k.kind, 4, p.id from psa p, (values ('import'), ('lookups')) as k(kind)
)
select id from psa;
