-- An msp without products: its units are given by people, and nothing waits for a night.
insert into msp (name, zone, night_at) values ('Faults', 'UTC', '00:00');
