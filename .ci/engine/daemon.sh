# Starts one dockerd on a socket and a data folder of its own, and knows it again by its pid file.

# Prints the pid of the dockerd that this folder's pid file names; fails where there is none. A pid alone could by now
# be somebody else's process, so its command line must name the folder too.
own_daemon_pid() {
  local pid
  pid=$(cat "$pid_file" 2>/dev/null) || return 1
  [ -r "/proc/$pid/cmdline" ] || return 1
  tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "--data-root $engine_dir/data" || return 1
  echo "$pid"
}

start_daemon() {
  local pid
  if pid=$(own_daemon_pid); then
    [ "$(readlink "/proc/$pid/exe")" = "$(realpath "$(command -v dockerd)")" ] ||
      fail "an engine of another version runs (pid $pid); end it by .ci/engine/down"
    wait_for_daemon
    return
  fi
  # A second dockerd in the same network namespace deletes the first one's docker0.
  if pidof dockerd >/dev/null; then
    fail "another dockerd is running; end it, or set GATEHOUSE_TEST_DOCKER_HOST to use it for the tests"
  fi
  cat >"$engine_dir/daemon.json" <<'JSON'
{
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "2" },
  "builder": { "gc": { "enabled": true, "defaultKeepStorage": "2GB" } },
  "shutdown-timeout": 10
}
JSON
  rm -f "$pid_file" "$socket"
  # setsid: it outlives the shell that asked for it, and a Ctrl-C there. The lock is closed, or it would hold it for life.
  nohup setsid dockerd \
    --data-root "$engine_dir/data" --exec-root "$engine_dir/exec" \
    --pidfile "$pid_file" --host "unix://$socket" --config-file "$engine_dir/daemon.json" \
    >"$engine_dir/log" 2>&1 </dev/null 9>&- &
  wait_for_daemon $!
  say "dockerd runs (pid $(own_daemon_pid))"
}

# With the pid of one that was just started: where it ends at once, this machine lets none run, and that is exit code 3.
wait_for_daemon() {
  for _ in $(seq 150); do
    curl -sf --max-time 5 --unix-socket "$socket" http://docker/_ping >/dev/null && return
    if [ -n "${1:-}" ] && ! kill -0 "$1" 2>/dev/null; then
      tail -n 5 "$engine_dir/log" >&2
      say "dockerd ended when it was started; its log is $engine_dir/log"
      exit 3
    fi
    sleep 0.2
  done
  tail -n 20 "$engine_dir/log" >&2
  fail "dockerd does not answer after 30 s; its log is $engine_dir/log"
}
