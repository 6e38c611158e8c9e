-- Session lock, not transaction lock: CREATE DATABASE cannot run inside a transaction.
-- The number is this statement's own and means nothing elsewhere.
SELECT pg_advisory_lock(8214003001);
