-- $1 msp. Until the end of the transaction, row-level security shows the rows of this msp to a role that is shown one msp's; none are shown to it before.
select set_config('usagebilling.msp', $1::bigint::text, true);
