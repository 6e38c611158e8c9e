-- $1 msp, $2 integration, $3 how many of each are counted at most. What hangs on it: what was read or imported is never deleted, and organizations were mapped to its
-- accounts for good, because mappings are history.
select
    (select count(*) from (select 1 from product_tenant t where t.msp_id = $1 and t.integration_id = $2 limit $3) c),
    (select count(*) from (select 1 from contract k where k.msp_id = $1 and k.integration_id = $2 limit $3) c),
    (select count(*) from (select 1 from contract k join service_line l on l.contract_id = k.id where k.msp_id = $1 and k.integration_id = $2 limit $3) c),
    (select count(*) from (
        select distinct m.organization_id from psa_account a join organization_mapping m on m.account_id = a.id where a.msp_id = $1 and a.integration_id = $2 limit $3) c),
    (select count(*) from (
        select 1 from intent i where i.msp_id = $1 and i.integration_id = $2 and i.state in ('pending', 'sending', 'in_doubt', 'parked') limit $3) c),
    (select count(*) from (
        select 1 from ticket t
        left join alert a on a.id = t.alert_id
        where t.msp_id = $1 and t.integration_id = $2 and (
            (a.open and t.occurrence = a.occurrence)
            or exists (select 1 from ticket_write w where w.ticket_id = t.id and w.state in ('pending', 'sending', 'in_doubt', 'parked')))
        limit $3) c);
