select count(*) from intent;
