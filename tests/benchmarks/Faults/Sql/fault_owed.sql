-- What PSAs are owed, how much of that is settled, and whether a write may be on its way to one just now. What waits behind a write that a person must look at
-- is as settled as the hub can make it; messages and runs that wait are owed, too.
select (count(*) + (select count(*) from message where parked_reason is null) + (select count(*) from run where state = 'running'))::int,
    (count(*) filter (where s.settled))::int, coalesce(bool_or(s.sending), false)
from (
    select i.state in ('confirmed', 'rejected', 'parked') or i.code = 'waits_for_earlier' as settled, i.state = 'sending' as sending
    from intent i
    union all
    select w.state in ('confirmed', 'parked', 'withdrawn') or exists (select 1 from ticket_write p where p.ticket_id = w.ticket_id and p.id < w.id and p.state = 'parked'), w.state = 'sending'
    from ticket_write w
) s;
