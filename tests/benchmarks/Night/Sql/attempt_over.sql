select not exists (select 1 from message where parked_reason is null and due_at <= now());
