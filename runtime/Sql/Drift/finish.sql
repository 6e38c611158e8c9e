-- $1 integration, $2 night, $3 lines compared, $4 lines whose wish is on its way.
update integration set reconciled_night = greatest(reconciled_night, $2), reconciled_at = now(), reconciled_lines = $3, reconciled_waiting = $4 where id = $1;
