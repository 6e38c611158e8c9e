notify usagebilling_work, '2';
