-- $1 msp, $2 run.
select r.id, r.kind, r.grain_kind, r.grain_id, r.state, r.code, r.sentence, r.progress_done, r.progress_total, r.started_at, r.finished_at, t.id, t.number, t.link, t.state
from run r
left join ticket t on t.id = r.ticket_id
where r.msp_id = $1 and r.id = $2;
