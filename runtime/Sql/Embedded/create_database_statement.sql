-- $1 the wanted name. No row when the database exists; else the statement that creates it, quoted by the server.
SELECT format('CREATE DATABASE %I', $1)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = $1);
