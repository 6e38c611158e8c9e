-- What is not settled, in words.
select coalesce(string_agg(w.said, '; '), 'nothing')
from (
    select count(*) || ' intents ' || state || ' ' || coalesce(code, '') || ' due ' || min(due_at) as said from intent where state in ('pending', 'sending', 'in_doubt') group by state, code
    union all
    select count(*) || ' ticket writes ' || state || ' ' || coalesce(code, '') || ' due ' || min(due_at) from ticket_write where state in ('pending', 'sending', 'in_doubt') group by state, code
    union all
    select count(*) || ' runs' from run where state = 'running' having count(*) > 0
    union all
    select count(*) || ' messages' from message having count(*) > 0
) w;
