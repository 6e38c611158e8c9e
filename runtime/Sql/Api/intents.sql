-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 state or null, $6 line or null. The newest first.
select i.id, i.integration_id, i.line_id, l.name, a.name, i.effective_on, i.sent_on, i.desired_units, i.observed_before, i.delta, i.state, i.attempt,
    i.code, i.sentence, i.night, i.created_at, i.settled_at, psa_effect(i), t.id, t.number, t.link, t.state
from intent i
join service_line l on l.id = i.line_id
join contract k on k.id = l.contract_id
join psa_account a on a.id = k.account_id
left join ticket t on t.intent_id = i.id
where i.msp_id = $1 and ($2::bigint is null or i.id = $2) and i.id < $3 and ($5::text is null or i.state = $5) and ($6::bigint is null or i.line_id = $6)
order by i.id desc
limit $4;
