-- $1 night, $2 the PSA that answers. What is not done: nights, messages, those of them that wait for a later try, whatever is parked,
-- changes owed to that PSA, changes it did not take.
select (select count(*) from integration where reads_products) - (select count(*) from night where night = $1 and state = 'finished'),
    (select count(*) from message where parked_reason is null),
    (select count(*) from message where parked_reason is null and due_at > now()),
    (select count(*) from message where parked_reason is not null) + (select count(*) from reminder where parked_reason is not null),
    (select count(*) from intent where integration_id = $2 and state in ('pending', 'sending', 'in_doubt')),
    (select count(*) from intent where integration_id = $2 and state in ('parked', 'rejected'));
