-- Lets turns go on; waits for the transactions that are open.
reindex index concurrently reminder_due;
