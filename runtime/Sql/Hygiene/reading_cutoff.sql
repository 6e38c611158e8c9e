-- $1 months to keep, $2 days that a turn may look back. Readings before this date may go: neither wanted nor looked at. A line that is held or
-- told of an old change looks back from that night.
select least(
    (current_date - make_interval(months => $1))::date,
    current_date - $2,
    (select min(h.night) from hold h where h.resolved_at is null) - $2,
    (select min(m.night) from message m) - $2);
