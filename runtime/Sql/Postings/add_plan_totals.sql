-- $1 msp, $2 plan, $3 currencies, $4 items, $5 amounts.
insert into plan_total (plan_id, currency, msp_id, items, amount)
select $2, t.currency, $1, t.items, t.amount from unnest($3::text[], $4::int[], $5::numeric[]) as t(currency, items, amount);
