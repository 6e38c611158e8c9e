-- $1 notices. Committed before the first byte leaves. The addresses are those of the contract when the notice is written.
update notice n
set state = 'sending', attempt = n.attempt + 1, written_at = coalesce(n.written_at, now()),
    addresses = case when n.written_at is null then s.addresses else n.addresses end
from notice_setting s, contract k, psa_account a
where n.id = any($1) and s.contract_id = n.contract_id and k.id = n.contract_id and a.id = k.account_id
returning n.id, n.attempt, n.message_id, n.addresses, n.night, a.name, k.name;
