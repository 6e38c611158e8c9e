-- $1 msp, $2 this one only (null for all), $3 before, $4 how many, $5 state or null, $6 kind or null. The newest first.
select r.id, r.kind, r.grain_kind, r.grain_id, r.state, r.code, r.sentence, r.progress_done, r.progress_total, r.started_at, r.finished_at, t.id, t.number, t.link, t.state, r.cancelled_by
from run r
left join ticket t on t.id = r.ticket_id
where r.msp_id = $1 and ($2::bigint is null or r.id = $2) and r.id < $3 and ($5::text is null or r.state = $5) and ($6::text is null or r.kind = $6)
order by r.id desc
limit $4;
