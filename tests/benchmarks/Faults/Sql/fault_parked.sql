-- Integrations whose credentials were refused.
select coalesce(array_agg(id order by id), '{}') from integration where credentials = 3;
