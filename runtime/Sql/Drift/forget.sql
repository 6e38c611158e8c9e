-- $1 integration, $2 after, $3 through, $4 lines that differ. Every other line in the range agrees by now, waits for its wish, or is not counted any more.
delete from drift where integration_id = $1 and line_id > $2 and line_id <= $3 and line_id <> all($4::bigint[]);
