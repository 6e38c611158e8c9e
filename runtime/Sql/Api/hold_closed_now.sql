-- $1 msp, $2 hold. Closed by this very transaction; no row: it was resolved before, and the line's turn released another hold.
select id from hold where msp_id = $1 and id = $2 and resolved_at = now();
