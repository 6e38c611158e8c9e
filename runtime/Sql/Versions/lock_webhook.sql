-- $1 msp, $2 id. Until the end of the transaction nobody else changes what a condition was asked about.
select id from webhook where msp_id = $1 and id = $2 for no key update;
