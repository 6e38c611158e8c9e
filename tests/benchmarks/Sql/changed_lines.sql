-- $1 night, $2 lines that are measured.
select count(distinct line_id)::int from count_record where night = $1 and source <> 'opening' and line_id <= $2;
