-- $1 snapshot, $2 the last tenant that had been handed its part, $3 the last one now. No row: somebody else went on with it.
update feed_snapshot set taken_through = $3 where id = $1 and taken_through = $2 and taken_at is null returning id;
