-- $1 identity. An alert that nobody has told of.
insert into alert (msp_id, identity) values (1, $1) returning id;
