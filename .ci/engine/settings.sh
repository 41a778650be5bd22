# Where everything of the test engine is kept, and how its parts speak. Sourced by up and down.
engine_dir=${GATEHOUSE_ENGINE_DIR:-/var/tmp/gatehouse-engine}
pid_file=$engine_dir/dockerd.pid
socket=$engine_dir/docker.sock
config_dir=$engine_dir/config

# stdout belongs to the settings that `up` prints for the caller's shell.
say() { echo "engine: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

# Every Debian mirror of the machine's own apt sources, most plain first: no host is named here.
debian_mirror() {
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" { print $3; exit }'
}
