-- Back to where the round began; what was locked before stays locked.
rollback to savepoint round;
