#!/usr/bin/env bash
# Writes pgbouncer.ini from the environment where none is mounted, then becomes pgbouncer. DB_USER, DB_PASSWORD, DB_HOST,
# DB_PORT, DB_NAME, AUTH_FILE, AUTH_TYPE, LISTEN_ADDR, LISTEN_PORT, ADMIN_USERS, STATS_USERS and OPTIONAL are honoured.
set -euo pipefail

folder=/etc/pgbouncer
# Settings of pgbouncer that are named like their variable, and are left out where it is empty.
OPTIONAL=(AUTH_USER AUTH_QUERY POOL_MODE MAX_CLIENT_CONN DEFAULT_POOL_SIZE MIN_POOL_SIZE RESERVE_POOL_SIZE
  RESERVE_POOL_TIMEOUT MAX_DB_CONNECTIONS MAX_USER_CONNECTIONS MAX_PREPARED_STATEMENTS LOG_CONNECTIONS
  LOG_DISCONNECTIONS LOG_STATS STATS_USERS SERVER_RESET_QUERY SERVER_LIFETIME SERVER_IDLE_TIMEOUT
  SERVER_CONNECT_TIMEOUT QUERY_TIMEOUT QUERY_WAIT_TIMEOUT CLIENT_IDLE_TIMEOUT)

users=${AUTH_FILE:-$folder/userlist.txt}
if [ ! -e "$users" ]; then touch "$users"; fi
if [ -n "${DB_USER:-}" ] && [ -n "${DB_PASSWORD:-}" ] && ! grep -q "^\"$DB_USER\"" "$users"; then
  case "${AUTH_TYPE:-md5}" in
    # SCRAM to the server needs the password itself.
    plain | scram-sha-256) secret=$DB_PASSWORD ;;
    *) secret=md5$(printf '%s' "$DB_PASSWORD$DB_USER" | md5sum | cut -d' ' -f1) ;;
  esac
  echo "\"$DB_USER\" \"$secret\"" >>"$folder/userlist.txt"
fi

if [ ! -f "$folder/pgbouncer.ini" ]; then
  {
    echo '[databases]'
    echo "${DB_NAME:-*} = host=${DB_HOST:?set DB_HOST} port=${DB_PORT:-5432} auth_user=${DB_USER:-postgres}"
    echo '[pgbouncer]'
    echo "listen_addr = ${LISTEN_ADDR:-0.0.0.0}"
    echo "listen_port = ${LISTEN_PORT:-5432}"
    echo 'unix_socket_dir ='
    echo "auth_file = $users"
    echo "auth_type = ${AUTH_TYPE:-md5}"
    echo "admin_users = ${ADMIN_USERS:-postgres}"
    echo "ignore_startup_parameters = ${IGNORE_STARTUP_PARAMETERS:-extra_float_digits}"
    for name in "${OPTIONAL[@]}"; do
      if [ -n "${!name:-}" ]; then echo "${name,,} = ${!name}"; fi
    done
  } >"$folder/pgbouncer.ini"
fi
exec "$@"
