-- The roles that the api and the silos of this database work as.
select hub_role('api')::text, hub_role('silo')::text;
