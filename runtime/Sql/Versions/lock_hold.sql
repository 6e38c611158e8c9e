-- $1 msp, $2 hold. A hold changes in the turns of its line.
select l.id from hold h join service_line l on l.id = h.line_id where h.msp_id = $1 and h.id = $2 for no key update of l;
