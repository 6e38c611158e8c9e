-- $1 integration. How what it was owed ended: units or tickets, state, code, how many, and how often they were sent again. What waits behind a parked write has its state.
select s.what, s.state, s.code, count(*)::int, sum(greatest(s.attempt - 1, 0))::int
from (
    select 'units' as what, i.state, coalesce(i.code, '') as code, i.attempt from intent i where i.integration_id = $1
    union all
    select 'tickets', w.state, coalesce(w.code, ''), w.attempt from ticket_write w where w.integration_id = $1
) s
group by 1, 2, 3
order by 1, 2, 3;
