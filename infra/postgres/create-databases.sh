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

create_database users "$USERS_DATABASE_PASSWORD"
create_database events "$EVENTS_DATABASE_PASSWORD"
create_database notifications "$NOTIFICATIONS_DATABASE_PASSWORD"
