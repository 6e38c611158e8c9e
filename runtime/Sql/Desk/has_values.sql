-- $1 integration. Whether its lists were ever read.
select exists (select 1 from desk_value where integration_id = $1);
