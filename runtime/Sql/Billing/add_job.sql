-- $1 msp, $2 who, $3 name, $4 contract or null, $5 action, $6 day of the month, $7 of the week, $8 date: one of them, $9 time, $10 first date, $11 its instant.
insert into job (msp_id, created_by, name, contract_id, action, month_day, week_day, dated_on, run_at, next_on, due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning id;
