-- $1 kinds, $2 grains, $3 codes, $4 sentences, $5 whether it went well. Whoever waits for this grain is answered.
update run r
set state = case when f.well then 'done' else 'failed' end, code = f.code, sentence = f.sentence, finished_at = now(), progress_done = greatest(r.progress_total, 1), progress_total = greatest(r.progress_total, 1)
from unnest($1::smallint[], $2::bigint[], $3::text[], $4::text[], $5::boolean[]) as f(grain_kind, grain_id, code, sentence, well)
where r.grain_kind = f.grain_kind and r.grain_id = f.grain_id and r.state = 'running' and r.kind in ('refresh', 'test');
