-- $1 zone, $2 night. The night has come there; integrations wait for the word to begin.
with zoned as (
    update msp set zone = $1
), tenants as (
    update reminder set due_at = now() - interval '1 hour', night = $2 where grain_kind = 1 and (due_at > now() or night <> $2)
)
update reminder set due_at = 'infinity', night = $2 where grain_kind = 4;
