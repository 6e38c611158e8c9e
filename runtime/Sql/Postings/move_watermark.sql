-- $1 msp. The earliest night of which something waits; the last few nights in any case, of which turns may still be under way.
insert into posting_watermark (msp_id, ready_since)
select $1, least(current_date - 3, min(e.night))
from ledger_entry e
where e.msp_id = $1
    and e.night >= (select coalesce(max(w.ready_since), date '-infinity') from posting_watermark w where w.msp_id = $1)
    and not exists (select 1 from posting_item p where p.line_id = e.line_id and p.line_ver = e.line_ver and p.entry_no = e.entry_no)
on conflict (msp_id) do update set ready_since = excluded.ready_since where posting_watermark.ready_since <> excluded.ready_since;
