-- Whether every run has ended, and whether all of them well.
select not exists (select 1 from run where state = 'running'), not exists (select 1 from run where state = 'failed');
