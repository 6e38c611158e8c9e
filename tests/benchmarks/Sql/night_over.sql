-- $1 night, $2 first msp, $3 last msp. Whether every integration of those msps has read the night, and no line that can take its turn is left waiting.
select (select count(*) from night where night = $1 and state = 'finished' and msp_id between $2 and $3)
        = (select count(*) from integration where reads_products and msp_id between $2 and $3),
    not exists (select 1 from message where parked_reason is null and attempt = 0 and due_at <= now());
