-- $1 msp, $2 run.
select id, kind, grain_kind, grain_id, state, code, sentence, progress_done, progress_total, started_at, finished_at
from run
where msp_id = $1 and id = $2;
