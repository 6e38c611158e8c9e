-- $1 msp, $2 the reversal, $3 the posting it reverses: the entries that undo those of the posting. They are of this transaction, so that no statistics know of
-- them: one look at an index for each, whatever the planner believes.
insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id)
select e.line_id, e.line_ver, e.entry_no, $2, $1
from posting_item p
cross join lateral (
    select r.line_id, r.line_ver, r.entry_no from ledger_entry r
    where r.line_id = p.line_id and r.corrects_line_ver = p.line_ver and r.corrects_entry_no = p.entry_no and r.kind = 'reversal'
    limit 1
) e
where p.posting_id = $3;
