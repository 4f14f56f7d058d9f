#!/bin/sh
# A database and a role of its own for each service; the image runs this once, on an empty volume.
set -eu
for name in users events notifications; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
create role $name login password '$SERVICE_DATABASE_PASSWORD';
create database $name owner $name;
revoke all on database $name from public;
SQL
done
