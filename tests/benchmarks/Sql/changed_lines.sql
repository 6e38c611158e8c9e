-- $1 night.
select count(distinct line_id)::int from count_record where night = $1 and source <> 'opening';
