-- $1 msp, $2 plan, $3 lines, $4 versions, $5 numbers, $6 hashes, $7 blocks.
insert into plan_item (plan_id, line_id, line_ver, entry_no, msp_id, hash, block)
select $2, i.line_id, i.line_ver, i.entry_no, $1, i.hash, i.block
from unnest($3::bigint[], $4::int[], $5::smallint[], $6::text[], $7::text[]) as i(line_id, line_ver, entry_no, hash, block);
