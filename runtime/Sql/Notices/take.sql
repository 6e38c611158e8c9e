-- $1 how many. The notices to send now, the longest due first; with the lock held, one in "sending" is nobody's. A person who releases or turns off waits for the commit.
select n.id
from notice n
where n.state in ('due', 'sending', 'failed') and (n.due_at <= now() or n.state = 'sending')
order by n.due_at, n.id
limit $1
for no key update of n skip locked;
