-- $1 attempts at most. Asked under the lock: a notice in "sending" is one whose silo died. What was tried too often, or turned off meanwhile, waits for a person.
update notice n
set state = 'parked', settled_at = now(),
    code = case when s.enabled then 'attempts_exhausted' else 'notices_off' end,
    sentence = case when s.enabled then coalesce(n.sentence, 'The silo ended while it was sent.') else 'The contract asks for no notices any more.' end
from notice_setting s
where s.contract_id = n.contract_id and n.state in ('sending', 'failed') and (not s.enabled or (n.state = 'sending' and n.attempt >= $1))
returning n.id, n.code;
