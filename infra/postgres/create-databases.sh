#!/bin/sh
# A database and a role of its own, with a password of its own, for each service; the image runs this once, on an empty
# volume.
set -eu

create_database() {
  psql --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}

# Each NAME_DATABASE_PASSWORD is a service's.
for service in $(env | sed -n 's/^\([A-Z_]*\)_DATABASE_PASSWORD=.*/\1/p'); do
  eval "password=\$${service}_DATABASE_PASSWORD"
  create_database "$(echo "$service" | tr '[:upper:]' '[:lower:]')" "$password"
done
