-- $1 integration. The tickets and notes that it was owed: mark, kind, and whether the hub has seen it there.
select w.mark, w.kind, w.state = 'confirmed' from ticket_write w where w.integration_id = $1 and w.kind in ('open', 'note');
