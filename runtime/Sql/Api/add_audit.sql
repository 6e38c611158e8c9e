-- $1 msp, $2 actor, $3 action, $4 kind (0: the msp's hub itself), $5 grain, $6 before, $7 after. What a person did outside any turn.
insert into audit (msp_id, at, actor, action, grain_kind, grain_id, before, after) values ($1, now(), $2, $3, $4, $5, $6, $7);
