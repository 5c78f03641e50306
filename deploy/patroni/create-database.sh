#!/bin/sh
# The program's user and database. Patroni runs this once, on the first node; $1: how to reach it as its superuser.
set -eu
"${PSQL:-psql}" "$1" --quiet --set ON_ERROR_STOP=1 --set password="${DATABASE_PASSWORD:?is not set}" <<'SQL'
CREATE ROLE loudeng LOGIN PASSWORD :'password';
CREATE DATABASE loudeng OWNER loudeng TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
SQL
