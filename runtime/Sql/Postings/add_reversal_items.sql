-- $1 msp, $2 the reversal, $3 the posting it reverses: the entries that undo those of the posting.
insert into posting_item (line_id, line_ver, entry_no, posting_id, msp_id)
select e.line_id, e.line_ver, e.entry_no, $2, $1
from posting_item p
join ledger_entry e on e.line_id = p.line_id and e.corrects_line_ver = p.line_ver and e.corrects_entry_no = p.entry_no and e.kind = 'reversal'
where p.posting_id = $3;
