-- Under the lock of lock.sql, so that nobody comes between the look and the table. Whoever may make no tables can still see that there is nothing to do.
DO $$
BEGIN
    IF to_regclass('schema_migration') IS NULL THEN
        CREATE TABLE schema_migration (
            version    int         NOT NULL,
            name       text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT schema_migration_pk PRIMARY KEY (version)
        );
    END IF;
END
$$;
