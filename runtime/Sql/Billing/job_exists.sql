-- $1 msp, $2 job. One that was deleted keeps its history.
select id from job where msp_id = $1 and id = $2;
