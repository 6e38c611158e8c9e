-- $1 ids. Messages of a batch that failed, to be tried in smaller parts: those that are still there.
select id
from message
where id = any($1) and parked_reason is null
order by id
for update skip locked;
