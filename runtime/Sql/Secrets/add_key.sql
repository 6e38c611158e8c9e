-- $1 name, $2 xml. Old keys are never deleted: what they protect must stay readable.
insert into protection_key (friendly_name, xml) values ($1, $2) on conflict (friendly_name) do nothing;
