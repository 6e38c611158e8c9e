-- $1 notices. What they say, line by line.
select i.notice_id, l.name, i.units_before, i.units_after, i.first_on, i.effective_on, i.prorated, i.currency
from notice_item i
join service_line l on l.id = i.line_id
where i.notice_id = any($1)
order by i.notice_id, l.name, l.id;
