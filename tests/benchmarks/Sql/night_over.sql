-- $1 night. Whether every integration has read the night, and no line that can take its turn is left waiting.
select (select count(*) from night where night = $1 and state = 'finished') = (select count(*) from integration where reads_products),
    not exists (select 1 from message where parked_reason is null and attempt = 0 and due_at <= now());
