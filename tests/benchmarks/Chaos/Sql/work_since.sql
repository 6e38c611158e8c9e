-- $1 a mark, $2 the PSA that answers. Whether a transaction that began to write after the mark has committed work of any kind.
select exists (select 1 from (select xmin::text::bigint as writer from intent order by id desc limit 2000) as newest where writer >= $1)
    or exists (select 1 from (select xmin::text::bigint as writer from message order by id desc limit 2000) as newest where writer >= $1)
    or exists (select 1 from night where xmin::text::bigint >= $1)
    or exists (select 1 from reminder where grain_kind = 1 and xmin::text::bigint >= $1)
    or exists (select 1 from intent where integration_id = $2 and xmin::text::bigint >= $1);
