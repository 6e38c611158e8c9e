-- $1 msp. Names are given by one transaction at a time, so that none is taken between the look and the change.
select id from msp where id = $1 for no key update;
