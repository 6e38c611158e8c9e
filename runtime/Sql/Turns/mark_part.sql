-- Where the statements of one part of a batch begin.
savepoint part;
