-- Every secret of every msp, encrypted. What changes meanwhile is not written over.
select id, msp_id, secret_protected from integration order by id;
