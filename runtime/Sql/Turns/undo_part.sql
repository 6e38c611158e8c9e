-- Undoes a part that was refused. Behind a part that was written stands the savepoint of the next one: then there is nothing to undo.
rollback to savepoint part;
