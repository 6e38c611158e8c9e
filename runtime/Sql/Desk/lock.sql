-- $1 msp, $2 integration. Settings of a PSA change one after the other.
select kind from integration where msp_id = $1 and id = $2 for no key update;
