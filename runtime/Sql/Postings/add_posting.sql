-- $1 msp, $2 kind, $3 posting that it reverses or null, $4 through, $5 items, $6 actor.
insert into posting (msp_id, kind, reverses, through_on, items, posted_by) values ($1, $2, $3, $4, $5, $6)
returning id;
