-- $1 msp, $2 snapshot, $3 numbers, $4 ids, $5 metrics, $6 units, $7 codes, $8 fields, $9 sentences.
insert into feed_row (snapshot_id, row_no, msp_id, external_id, metric, units, code, field, sentence)
select $2, r.row_no, $1, r.external_id, r.metric, r.units, r.code, r.field, r.sentence
from unnest($3::int[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[], $9::text[]) as r(row_no, external_id, metric, units, code, field, sentence);
