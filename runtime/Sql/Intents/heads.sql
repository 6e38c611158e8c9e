-- $1 integration, $2 how many. One intent per contract: what is in flight first, then the earliest date. Those not due yet block their contract only.
-- What waits for an earlier change of its line stands in nobody's way, and a ticket that is owed says by itself when it is there.
-- Lines of the hub that follow each other are one line of the PSA: own are all of them.
-- A change keeps the order of its line: it is sent for the day of the last change before it at the earliest, which may have moved to a free date. Sent for a day
-- before that one, it would be undone by it.
-- The units expected before the change: what the last confirmed intent up to that date set, and what changes of earlier dates have moved since, for a PSA that
-- keeps differences moves later dates along; else what the line was imported with. Other units are somebody else's, unless a person let the hub take over, or a
-- change of the hub's was parked before it was known how it ended.
select id, msp_id, line_id, contract_remote_id, service_remote_id, effective_on, placed_on, desired_units, generation, state, attempt, observed_before, acknowledged, checks, first_seen_unchanged_at,
    seen_units,
    coalesce(
        (select b.desired_units + coalesce((
                select sum(e.delta) from intent e
                where e.line_id = any(head.own) and e.state = 'confirmed' and e.code in ('applied', 'ticket_opened') and e.sent_on <= b.sent_on and e.settled_at > b.settled_at), 0)
            from intent b where b.line_id = any(head.own) and b.state = 'confirmed' and b.sent_on <= head.placed_on order by b.sent_on desc, b.settled_at desc, b.id desc limit 1),
        (select c.units from count_record c where c.line_id = any(head.own) and c.source = 'opening' and c.effective_on <= head.placed_on order by c.line_id limit 1)),
    head.takes_over or exists (select 1 from intent u where u.line_id = any(head.own) and u.state = 'parked' and u.sending_at is not null)
from (
    select first.*, o.own, greatest(first.sent_on, (
            select max(e.sent_on) from intent e
            where e.line_id = any(o.own) and e.effective_on <= first.effective_on and (e.state = 'confirmed' or (e.state = 'parked' and e.sending_at is not null)))) as placed_on
    from (
        select distinct on (contract_remote_id) *
        from intent
        where integration_id = $1 and state in ('pending', 'sending', 'in_doubt') and code is distinct from 'waits_for_earlier'
        order by contract_remote_id, (state = 'pending'), effective_on, id
    ) first
    cross join lateral (select array_agg(r.id) as own from lines_of_remote(first.line_id) as r(id)) o
) head
where due_at <= now() and (state = 'pending' or effect is distinct from 'ticket')
order by due_at, id
limit $2;
