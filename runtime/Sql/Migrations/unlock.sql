SELECT pg_advisory_unlock(8214003002);
