-- $1 id, $2 attempt, $3 state, $4 who was told by it, $5 code or null, $6 sentence or null, $7 seconds until it is tried again. Only for the attempt that it is about.
update notice
set state = $3, told = told || $4::text[], addresses = array(select a from unnest(addresses) with ordinality as t(a, place) where a <> all($4::text[]) order by place),
    code = $5, sentence = $6, due_at = now() + make_interval(secs => $7), settled_at = case when $3 in ('sent', 'parked') then now() end
where id = $1 and attempt = $2 and state = 'sending';
