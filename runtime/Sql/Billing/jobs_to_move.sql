-- $1 msp.
select id, next_on, run_at from job where msp_id = $1 and next_on is not null order by id for no key update;
