-- $1 msp, $2 key. Nothing was done: it may be asked again under the same key.
delete from repeatable_request where msp_id = $1 and key = $2;
