vacuum (analyze);
checkpoint;
