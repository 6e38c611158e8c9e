-- $1 integration, $2 fields, $3 their lists (empty for accounts), $4 values. Which of them the PSA has and offers.
select w.field, w.value
from unnest($2::text[], $3::text[], $4::text[]) as w(field, list, value)
where exists (select 1 from desk_value v where v.integration_id = $1 and v.list = w.list and v.remote_id = w.value and v.active)
    or (w.list = '' and exists (select 1 from psa_account a where a.integration_id = $1 and a.remote_id = w.value and a.active));
