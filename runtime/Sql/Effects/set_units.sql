-- $1 msps, $2 integrations, $3 lines, $4 contracts, $5 services, $6 effective on, $7 desired, $8 nights, $9 not sent before (null: now).
-- The newest wish for an object and date replaces one that was not sent yet.
insert into intent (msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, sent_on, desired_units, night, due_at)
select s.msp_id, s.integration_id, s.line_id, s.contract_remote_id, s.service_remote_id, s.effective_on, s.effective_on, s.desired, s.night, coalesce(s.sent_from, now())
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::date[], $7::numeric[], $8::date[], $9::timestamptz[])
    as s(msp_id, integration_id, line_id, contract_remote_id, service_remote_id, effective_on, desired, night, sent_from)
on conflict (line_id, effective_on) where state = 'pending' do update
set desired_units = excluded.desired_units, generation = intent.generation + 1, night = excluded.night, attempt = 0, due_at = excluded.due_at,
    checks = 0, first_seen_unchanged_at = null, code = null, sentence = null;
