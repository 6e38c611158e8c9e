-- $1 intent. A ticket that is there told of other units than are wished by now: it stays as it is, and what is wished now gets one of its own.
update ticket set intent_id = null where intent_id = $1 and state in ('open', 'closed');
