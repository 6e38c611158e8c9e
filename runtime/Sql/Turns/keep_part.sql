-- The part was written.
release savepoint part;
