-- Every secret of every msp, encrypted. What changes meanwhile is not written over.
select id, msp_id, secret_protected from integration
union all
select id, msp_id, secret_protected from webhook where removed_at is null
union all
select id, msp_id, old_secret_protected from webhook where old_secret_until > now()
order by id;
