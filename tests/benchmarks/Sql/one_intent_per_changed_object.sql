-- $1 night. Objects with no intent, two, one of other units, or one too many.
with wished as (
    select line_id, count(*) as intents, min(desired_units) as units from intent where effective_on = $1 group by line_id
)
select count(*)
from bench_expected e
full join wished w using (line_id)
where (e.changed and (w.intents is distinct from 1 or w.units <> e.units)) or (e.changed is distinct from true and w.line_id is not null);
