-- $1 intents. What a PSA that adds lines must be told besides units: the service and its price on the day, whose it is and what it is called; the lines that the PSA had
-- before the first send; and those that other intents of the contract have found to be theirs. The organization is the account's, if it has one only.
select i.id, l.service_remote_id, l.name, coalesce(p.unit_price, l.unit_price), coalesce(l.unit_cost, 0), i.known_lines, i.delta, a.remote_id, a.name, k.name, o.only,
    array(
        select n.line_remote_id from intent n
        where n.integration_id = i.integration_id and n.contract_remote_id = i.contract_remote_id and n.line_remote_id is not null and n.id <> i.id)
from intent i
join service_line l on l.id = i.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
left join lateral (
    select r.unit_price from line_price r where l.extra <> 0 and r.line_id = l.id and r.effective_on <= i.sent_on order by r.effective_on desc, r.seq desc limit 1
) p on true
left join lateral (
    select case when count(distinct m.organization_id) = 1 then min(m.organization_id) end as only
    from organization_mapping m
    where m.account_id = a.id and m.retired_in is null and m.from_on <= i.sent_on and (m.until_on is null or m.until_on > i.sent_on)
) o on true
where i.id = any($1)
order by i.id;
