-- $1 msp, $2 days, $3 how many plans. Items of old plans: those that were applied are the posting's, the others can no longer be.
delete from plan_item i
using (
    select p.id from plan p
    where p.msp_id = $1 and p.created_at < now() - make_interval(days => $2) and exists (select 1 from plan_item o where o.plan_id = p.id)
    order by p.id
    limit $3
) old
where i.plan_id = old.id;
