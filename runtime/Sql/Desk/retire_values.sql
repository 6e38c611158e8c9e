-- $1 integration, $2 run. What the run did not see is kept, and not offered any more.
update desk_value set active = false, preset = false where integration_id = $1 and seen_in <> $2 and active;
