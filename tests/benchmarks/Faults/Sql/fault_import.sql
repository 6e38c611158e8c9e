-- $1 integration. Somebody wants it imported again.
insert into run (msp_id, kind, grain_kind, grain_id) values (1, 'import', 4, $1);
