-- $1 msp, $2 plan, $3 posting, $4 actor.
update plan set posting_id = $3, applied_at = now(), applied_by = $4 where msp_id = $1 and id = $2 and posting_id is null;
