select count(*) from count_record where source = 'person';
