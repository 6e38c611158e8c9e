-- $1 months to keep, $2 how many. What nights read, not what they changed: counts and ledger stay.
delete from night
where ctid = any(array(
    select ctid from night where night < (current_date - make_interval(months => $1))::date order by night limit $2));
