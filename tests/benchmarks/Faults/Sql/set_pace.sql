-- $1 the instant from which on time is fast, $2 how fast. Sessions that begin after this have it.
select set_pace($1, $2);
