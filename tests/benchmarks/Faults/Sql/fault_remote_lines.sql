-- $1 lines. What the PSA calls them, and their contracts.
select s.remote_id, c.remote_id from service_line s join contract c on c.id = s.contract_id where s.id = any($1) order by s.id;
