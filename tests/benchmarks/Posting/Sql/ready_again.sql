-- Whether every entry of this month was undone and is there again, and the month comes to what it came to.
select (select count(*) from ledger_entry e where e.kind = 'again') = count(*) and sum(e.amount) = (select sum(o.amount) from ledger_entry o where o.line_ver >= -1000 and o.night >= e2.night)
from ledger_entry e
cross join (select min(night) as night from ledger_entry where line_ver = -1000) e2
where e.line_ver = -1000
group by e2.night;
