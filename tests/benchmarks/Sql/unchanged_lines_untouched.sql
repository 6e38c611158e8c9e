-- $1 night. Lines that were written although nothing changed for them, or more often than it did.
select count(*)
from bench_expected e
join service_line l on l.id = e.line_id
where l.ver <> 1 + e.changes or (not e.changed and exists (select 1 from count_record c where c.line_id = e.line_id and c.night = $1 and c.source <> 'opening'));
