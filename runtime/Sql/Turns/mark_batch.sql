-- Before the rows of a batch are locked.
savepoint batch;
