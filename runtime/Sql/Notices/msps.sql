-- Msps of which a contract has asked for notices, with what their night follows from.
select m.id, m.zone, m.night_at, now()
from msp m
where exists (select 1 from notice_setting s where s.msp_id = m.id and s.enabled)
order by m.id;
