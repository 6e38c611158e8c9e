-- $1 notices. There is nothing to say any more: every line that had changed is held by now.
delete from notice n
where n.id = any($1) and n.written_at is null and not exists (select 1 from notice_item i where i.notice_id = n.id);
