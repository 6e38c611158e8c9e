drop table if exists bench_expected;
create unlogged table bench_expected (line_id bigint not null, units numeric not null, changed boolean not null, changes int not null);
