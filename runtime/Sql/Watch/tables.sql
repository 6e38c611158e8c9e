-- $1 tables. Rows that are there, and rows that are gone but not cleaned up; a partition counts for its table.
with size as (
    select coalesce(parent.relname, s.relname)::text as name, sum(s.n_live_tup)::float8 as live, sum(s.n_dead_tup)::float8 as dead
    from pg_stat_user_tables s
    left join pg_inherits i on i.inhrelid = s.relid
    left join pg_class parent on parent.oid = i.inhparent
    where coalesce(parent.relname, s.relname) = any($1::text[])
    group by 1
)
select 'rows_live', z.name, z.live from size z
union all
select 'rows_dead', z.name, z.dead from size z;
