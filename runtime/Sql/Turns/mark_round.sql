-- Where one round of writing begins, in the transaction of a batch: what is undone from here leaves the locks of the batch alone.
savepoint round;
