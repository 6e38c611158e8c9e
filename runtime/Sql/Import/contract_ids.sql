-- $1 integration.
select id, remote_id from contract where integration_id = $1 order by id;
