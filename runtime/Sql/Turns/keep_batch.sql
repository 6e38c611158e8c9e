-- All rounds are over. What follows is written by the transaction itself: a message it deletes was locked by it too. Deleted inside of a savepoint it would
-- carry both transactions, and an index never forgets such an entry before it is vacuumed: every later claim would read over it.
release savepoint batch;
