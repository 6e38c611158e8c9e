-- One program at a time migrates a database. Session lock: it spans the transactions of all steps.
-- lock_timeout bounds the wait for it, and is put back so that the steps themselves may take what they need.
SET lock_timeout = '10min';
SELECT pg_advisory_lock(8214003002);
RESET lock_timeout;
