-- Under the lock of lock.sql, so IF NOT EXISTS cannot race.
SET client_min_messages = warning;
CREATE TABLE IF NOT EXISTS schema_migration (
    version    int         NOT NULL,
    name       text        NOT NULL,
    checksum   text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT schema_migration_pk PRIMARY KEY (version)
);
RESET client_min_messages;
