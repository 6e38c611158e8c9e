listen usagebilling_work;
