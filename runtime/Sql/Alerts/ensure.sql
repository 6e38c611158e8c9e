-- $1 msp, $2 identity. No row: it is known.
insert into alert (msp_id, identity) values ($1, $2)
on conflict on constraint alert_identity_unique do nothing
returning id;
