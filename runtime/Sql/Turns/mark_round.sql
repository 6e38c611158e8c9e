-- Where one round of loading or writing begins, in the transaction of a batch: what is undone from here leaves what was locked before alone.
savepoint round;
