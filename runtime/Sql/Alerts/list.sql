-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 whether open (null for all), $6 organization or null. The newest first.
select l.id, l.identity, l.open, l.severity, l.title, l.organization_id, l.integration_id, a.id, l.occurrence, l.repeats, l.ticketed, l.raised_at, l.last_at, l.cleared_at,
    t.id, t.number, t.link, t.state
from alert l
left join psa_account a on a.integration_id = l.integration_id and a.remote_id = l.account_remote_id
left join ticket t on t.alert_id = l.id and t.occurrence = l.occurrence
where l.msp_id = $1 and ($2::bigint is null or l.id = $2) and l.id < $3
    and ($5::boolean is null or l.open = $5)
    and ($6::bigint is null or l.organization_id = $6)
order by l.id desc
limit $4;
