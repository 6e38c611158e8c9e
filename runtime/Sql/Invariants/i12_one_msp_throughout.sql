-- $1 how many. Whatever belongs together belongs to one msp, along every reference.
select b.what, 'belongs to msp ' || b.own || ' and to what is of msp ' || b.other, count(*) over ()
from (
    select 'account ' || a.id as what, a.msp_id as own, i.msp_id as other from psa_account a join integration i on i.id = a.integration_id
    union all select 'contract ' || k.id, k.msp_id, i.msp_id from contract k join integration i on i.id = k.integration_id
    union all select 'contract ' || k.id, k.msp_id, a.msp_id from contract k join psa_account a on a.id = k.account_id
    union all select 'line ' || l.id, l.msp_id, k.msp_id from service_line l join contract k on k.id = l.contract_id
    union all select 'line ' || l.id, l.msp_id, f.msp_id from service_line l join service_line f on f.id = l.follows
    union all select 'service ' || s.id, s.msp_id, k.msp_id from psa_service s join contract k on k.id = s.contract_id
    union all select 'ticket ' || t.id, t.msp_id, i.msp_id from ticket t join intent i on i.id = t.intent_id
    union all select 'basis of line ' || b.line_id, b.msp_id, l.msp_id from line_basis b join service_line l on l.id = b.line_id
    union all select 'count of line ' || c.line_id, c.msp_id, l.msp_id from count_record c join service_line l on l.id = c.line_id
    union all select 'price of line ' || p.line_id, p.msp_id, l.msp_id from line_price p join service_line l on l.id = p.line_id
    union all select 'terms of line ' || t.line_id, t.msp_id, l.msp_id from line_terms t join service_line l on l.id = t.line_id
    union all select 'tier of line ' || r.line_id, r.msp_id, l.msp_id from line_tier r join service_line l on l.id = r.line_id
    union all select 'entry of line ' || e.line_id, e.msp_id, l.msp_id from ledger_entry e join service_line l on l.id = e.line_id
    union all select 'invoice ' || v.id, v.msp_id, a.msp_id from invoice v join psa_account a on a.id = v.account_id
    union all select 'line of invoice ' || v.invoice_id, v.msp_id, o.msp_id from invoice_line v join invoice o on o.id = v.invoice_id
    union all select 'billed entry of line ' || v.line_id, v.msp_id, e.msp_id from invoice_line v join ledger_entry e on e.line_id = v.line_id and e.line_ver = v.line_ver and e.entry_no = v.entry_no
    union all select 'job ' || j.id, j.msp_id, k.msp_id from job j join contract k on k.id = j.contract_id
    union all select 'run of job ' || r.job_id, r.msp_id, j.msp_id from job_run r join job j on j.id = r.job_id
    union all select 'part of run ' || w.run_id, w.msp_id, r.msp_id from job_run_part w join job_run r on r.id = w.run_id
    union all select 'part of run ' || w.run_id, w.msp_id, a.msp_id from job_run_part w join psa_account a on a.id = w.account_id
    union all select 'posted entry of line ' || p.line_id, p.msp_id, coalesce(e.msp_id, 0) from posting_item p
        left join ledger_entry e on e.line_id = p.line_id and e.line_ver = p.line_ver and e.entry_no = p.entry_no
    union all select 'item of posting ' || p.posting_id, p.msp_id, o.msp_id from posting_item p join posting o on o.id = p.posting_id
    union all select 'item of plan ' || i.plan_id, i.msp_id, o.msp_id from plan_item i join plan o on o.id = i.plan_id
    union all select 'plan ' || o.id, o.msp_id, k.msp_id from plan o join contract k on k.id = o.contract_id
    union all select 'plan ' || o.id, o.msp_id, a.msp_id from plan o join psa_account a on a.id = o.account_id
    union all select 'hold ' || h.id, h.msp_id, l.msp_id from hold h join service_line l on l.id = h.line_id
    union all select 'intent ' || n.id, n.msp_id, l.msp_id from intent n join service_line l on l.id = n.line_id
    union all select 'intent ' || n.id, n.msp_id, i.msp_id from intent n join integration i on i.id = n.integration_id
    union all select 'tenant ' || t.id, t.msp_id, i.msp_id from product_tenant t join integration i on i.id = t.integration_id
    union all select 'count of tenant ' || c.tenant_id, c.msp_id, t.msp_id from tenant_count c join product_tenant t on t.id = c.tenant_id
    union all select 'reading of tenant ' || r.tenant_id, r.msp_id, t.msp_id from reading r join product_tenant t on t.id = r.tenant_id
    union all select 'mapping of tenant ' || s.tenant_id, s.msp_id, t.msp_id from tenant_mapping s join product_tenant t on t.id = s.tenant_id
    union all select 'mapping of tenant ' || s.tenant_id, s.msp_id, o.msp_id from tenant_mapping s join organization o on o.id = s.organization_id
    union all select 'mapping of organization ' || s.organization_id, s.msp_id, o.msp_id from organization_mapping s join organization o on o.id = s.organization_id
    union all select 'mapping of organization ' || s.organization_id, s.msp_id, a.msp_id from organization_mapping s join psa_account a on a.id = s.account_id
    union all select 'night of integration ' || n.integration_id, n.msp_id, i.msp_id from night n join integration i on i.id = n.integration_id
    union all select 'feed ' || f.integration_id, f.msp_id, i.msp_id from feed f join integration i on i.id = f.integration_id
    union all select 'key ' || k.id, k.msp_id, f.msp_id from api_key k join feed f on f.integration_id = k.feed_id
    union all select 'snapshot ' || s.id, s.msp_id, f.msp_id from feed_snapshot s join feed f on f.integration_id = s.integration_id
    union all select 'row of snapshot ' || r.snapshot_id, r.msp_id, s.msp_id from feed_row r join feed_snapshot s on s.id = r.snapshot_id
    union all select 'delivery ' || d.id, d.msp_id, w.msp_id from webhook_delivery d join webhook w on w.id = d.webhook_id
    union all select 'reminder of tenant ' || r.grain_id, r.msp_id, t.msp_id from reminder r join product_tenant t on r.grain_kind = 1 and t.id = r.grain_id
    union all select 'reminder of line ' || r.grain_id, r.msp_id, l.msp_id from reminder r join service_line l on r.grain_kind = 3 and l.id = r.grain_id
    union all select 'reminder of integration ' || r.grain_id, r.msp_id, i.msp_id from reminder r join integration i on r.grain_kind = 4 and i.id = r.grain_id
    union all select 'message to line ' || m.grain_id, m.msp_id, l.msp_id from message m join service_line l on m.grain_kind = 3 and l.id = m.grain_id
) b
where b.own <> b.other
order by 1, 2
limit $1;
