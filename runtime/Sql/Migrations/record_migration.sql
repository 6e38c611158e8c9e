-- $1 version, $2 name, $3 checksum. A plain insert: a second one would be a breach of the lock, and must fail.
INSERT INTO schema_migration (version, name, checksum)
VALUES ($1, $2, $3);
