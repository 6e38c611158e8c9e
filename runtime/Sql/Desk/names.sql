-- $1 msp, $2 integration, $3 lists (empty for accounts), $4 values. What a person knows them by.
select w.list, w.value, coalesce(
    (select v.name from desk_value v where v.msp_id = $1 and v.integration_id = $2 and v.list = w.list and v.remote_id = w.value order by v.active desc, v.id limit 1),
    (select a.name from psa_account a where w.list = '' and a.msp_id = $1 and a.integration_id = $2 and a.remote_id = w.value))
from unnest($3::text[], $4::text[]) as w(list, value);
