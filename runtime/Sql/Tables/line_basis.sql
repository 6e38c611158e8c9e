select line_id, product, metric from line_basis where line_id = any($1) order by line_id, product, metric;
