-- What was loaded, or written, in this round stays.
release savepoint round;
