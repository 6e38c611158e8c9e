-- $1 msp, $2 posting. What is posted stays as it is but for who took it back, and of that the postings of an msp are made one after the other.
select p.id from msp m join posting p on p.msp_id = m.id where m.id = $1 and p.id = $2 for no key update of m;
