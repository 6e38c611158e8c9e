-- Notices that nobody wants any more before a word of them was written.
delete from notice n
using notice_setting s
where s.contract_id = n.contract_id and not s.enabled and n.state = 'due';
