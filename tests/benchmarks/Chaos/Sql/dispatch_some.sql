-- $1 base url, $2 user, $3 protected secret, $4 integration code, $5 how many. The first accounts of the first msp have their contracts in a
-- PSA that answers, under the hub's own numbers; the PSA of all others is parked, and so their intents wait.
with live as (
    insert into integration (msp_id, kind, name, base_url, user_name, secret_protected, integration_code, reads_products, credentials)
    values (1, 'autotask', 'live psa', $1, $2, $3, $4, false, 2)
    returning id
), parked as (
    update integration set credentials = 3 where kind = 'autotask'
), accounts as (
    update psa_account a set integration_id = live.id from live where a.id <= $5
), contracts as (
    update contract c set integration_id = live.id, remote_id = c.id::text from live where c.id <= $5
), lines as (
    update service_line set remote_id = id::text where contract_id <= $5
)
select id from live;
