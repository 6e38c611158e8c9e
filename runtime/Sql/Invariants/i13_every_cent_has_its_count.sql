-- $1 how many. An entry names the count record that caused it, which was on record when the entry was posted: from the records alone the ledger can be written again.
-- At the month's end a record decides about days before it, too.
select 'line ' || e.line_id, 'version ' || e.line_ver || ', entry ' || e.entry_no || ' stands on a count from ' || e.count_effective_on
    || case when c.line_id is null then ' that is not on record' else ' that came later' end, count(*) over ()
from ledger_entry e
left join count_record c on c.line_id = e.line_id and c.effective_on = e.count_effective_on and c.seq = e.count_seq
where e.count_seq > 0 and (c.line_id is null or c.line_ver > e.line_ver or c.effective_on >= e.until_on or (c.effective_on > e.from_on and e.line_id in (select p.id from plain_line p)))
order by 1, 2
limit $1;
