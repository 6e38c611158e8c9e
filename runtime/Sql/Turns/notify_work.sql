-- $1 work kinds as a number. On its own connection and outside any transaction: a NOTIFY inside a turn would serialise every commit.
select pg_notify('usagebilling_work', $1);
