-- $1 msp, $2 kind, $3 name, $4 base url, $5 user, $6 protected secret, $7 integration code, $8 whether it reads products. No row: the name is taken.
insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict on constraint integration_name_unique do nothing
returning id;
