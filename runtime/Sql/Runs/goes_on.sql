-- $1 run. False when it has ended, or a person has ended it.
select exists (select 1 from run where id = $1 and state = 'running');
