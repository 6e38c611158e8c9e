select setval(pg_get_serial_sequence('msp', 'id'), (select max(id) from msp));
select setval(pg_get_serial_sequence('integration', 'id'), (select max(id) from integration));
select setval(pg_get_serial_sequence('organization', 'id'), (select max(id) from organization));
select setval(pg_get_serial_sequence('psa_account', 'id'), (select max(id) from psa_account));
select setval(pg_get_serial_sequence('product_tenant', 'id'), (select max(id) from product_tenant));
select setval(pg_get_serial_sequence('contract', 'id'), (select max(id) from contract));
select setval(pg_get_serial_sequence('service_line', 'id'), (select max(id) from service_line));
