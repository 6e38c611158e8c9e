-- Lets turns go on; waits for the transactions that are open.
reindex index concurrently message_said_once;
