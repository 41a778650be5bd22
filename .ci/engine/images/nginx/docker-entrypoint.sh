#!/bin/sh
# Runs the scripts of /docker-entrypoint.d in order, then the command.
set -e
if [ "$1" = nginx ]; then
  for script in /docker-entrypoint.d/*.sh; do
    if [ -x "$script" ]; then "$script"; fi
  done
fi
exec "$@"
