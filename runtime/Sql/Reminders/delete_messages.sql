delete from message where id = any($1);
