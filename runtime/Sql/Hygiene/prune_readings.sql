-- $1 date, $2 how many. Readings of nights for which nobody had made a partition.
delete from reading_default
where ctid = any(array(select ctid from reading_default where night < $1 order by night limit $2));
