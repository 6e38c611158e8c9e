-- $1 msp.
select apply_percent, apply_amount, four_eyes from msp where id = $1;
