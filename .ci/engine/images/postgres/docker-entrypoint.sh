#!/usr/bin/env bash
# Makes the cluster at the first start, as POSTGRES_USER, POSTGRES_PASSWORD(_FILE), POSTGRES_DB, POSTGRES_INITDB_ARGS,
# POSTGRES_HOST_AUTH_METHOD and /docker-entrypoint-initdb.d say, then becomes the server.
set -euo pipefail

case "${1:-}" in
  '' | -*) set -- postgres "$@" ;;
esac
if [ "$1" != postgres ]; then exec "$@"; fi

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  find "$PGDATA" ! -user postgres -exec chown postgres:postgres {} +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi

# Prints the variable's value, or the content of the file that <variable>_FILE names.
setting() {
  local file_variable=$1_FILE
  if [ -n "${!1:-}" ] && [ -n "${!file_variable:-}" ]; then
    echo "both $1 and $file_variable are set; set one" >&2
    exit 1
  fi
  if [ -n "${!file_variable:-}" ]; then cat "${!file_variable}"; else echo "${!1:-}"; fi
}

run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sh) echo "running $file"; if [ -x "$file" ]; then "$file"; else source "$file"; fi ;;
      *.sql) echo "running $file"; psql "${psql_options[@]}" --dbname "$database" <"$file" ;;
      *.sql.gz) echo "running $file"; gunzip -c "$file" | psql "${psql_options[@]}" --dbname "$database" ;;
    esac
  done
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=$(setting POSTGRES_USER) && user=${user:-postgres}
  database=$(setting POSTGRES_DB) && database=${database:-$user}
  password=$(setting POSTGRES_PASSWORD)
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo "no password for the superuser: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE" >&2
    exit 1
  fi
  password_file=$(mktemp)
  printf '%s\n' "$password" >"$password_file"
  # initdb refuses an empty password file, and takes several arguments from one variable.
  # shellcheck disable=SC2086
  initdb --username="$user" ${password:+--pwfile="$password_file"} ${POSTGRES_INITDB_ARGS:-}
  rm -f "$password_file"
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  # No TCP until it is complete: a health check from outside must not see it half made.
  pg_ctl --options="-c listen_addresses=''" --wait --silent start
  export PGUSER=$user POSTGRES_USER=$user POSTGRES_DB=$database
  psql_options=(-v ON_ERROR_STOP=1 --no-psqlrc --username "$user")
  if [ "$database" != postgres ]; then
    psql "${psql_options[@]}" --dbname postgres --set db="$database" <<<'CREATE DATABASE :"db";'
  fi
  run_init_files
  pg_ctl --mode=fast --wait --silent stop
  unset PGUSER
  echo 'PostgreSQL init process complete; ready for start up.'
fi

exec "$@"
