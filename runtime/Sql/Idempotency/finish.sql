-- $1 msp, $2 key, $3 status, $4 content type, $5 location, $6 answer; null answer: there is one, and it is not kept.
update repeatable_request set status = $3, content_type = $4, location = $5, answer = $6 where msp_id = $1 and key = $2;
