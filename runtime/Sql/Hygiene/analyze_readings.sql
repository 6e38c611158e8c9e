-- Autovacuum looks at partitions only, and the planner asks the whole.
analyze reading;
