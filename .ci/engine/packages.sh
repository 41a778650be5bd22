# What the engine needs from Debian: dockerd and mmdebstrap for the machine, compose and buildx as plugins.

# The suite whose compose (2.26) understands today's compose files, and whose servers the local images hold.
newer_suite=trixie

install_packages() {
  local wanted=() command
  declare -A package_of=([dockerd]=docker.io [docker]=docker.io [iptables]=iptables [mmdebstrap]=mmdebstrap [curl]=curl [openssl]=openssl)
  for command in "${!package_of[@]}"; do
    command -v "$command" >/dev/null || wanted+=("${package_of[$command]}")
  done
  [ "${#wanted[@]}" -eq 0 ] && return
  say "installing ${wanted[*]}"
  # The packages would start a dockerd on the default folders: 101 is "action forbidden by policy".
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=yes
  fi
  local status=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}"; } \
    >"$engine_dir/apt.log" 2>&1 || status=$?
  [ -z "$made_policy" ] || rm -f "$policy"
  if [ "$status" -ne 0 ]; then
    tail -n 20 "$engine_dir/apt.log" >&2
    fail "could not install ${wanted[*]}"
  fi
}

# Unpacks packages of the newer suite into a folder and installs none: those asked for need libc6 ≥ 2.34 alone, and the
# machine's own sources and lists stay as they are.
unpack_newer() {
  local into=$1 apt=$engine_dir/apt package
  shift
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/download"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(debian_mirror) $newer_suite main" >"$apt/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Dir::Etc::preferencesparts=/dev/null)
  apt-get "${options[@]}" update -qq >&2
  (cd "$apt/download" && apt-get "${options[@]}" download -qq "$@" >&2)
  for package in "$apt"/download/*.deb; do
    dpkg-deb -x "$package" "$into"
  done
  rm -rf "$apt"
}

install_plugins() {
  local plugins=$config_dir/cli-plugins unpacked=$engine_dir/plugins
  [ -x "$plugins/docker-compose" ] && [ -x "$plugins/docker-buildx" ] && return
  say "fetching docker compose and buildx"
  mkdir -p "$plugins"
  unpack_newer "$unpacked" docker-compose docker-buildx
  find "$unpacked" -path '*/cli-plugins/*' -type f -exec install -m 755 {} "$plugins/" \;
  rm -rf "$unpacked"
  [ -x "$plugins/docker-compose" ] && [ -x "$plugins/docker-buildx" ] || fail "$newer_suite has no compose and buildx plugins where they are looked for"
}

# The newer suite's dockerd and containerd with the machine's runc (its own wants a newer libc), first on the PATH.
use_newer_engine() {
  local unpacked=$engine_dir/newer
  if [ ! -x "$unpacked/usr/sbin/dockerd" ]; then
    say "fetching the engine of $newer_suite"
    unpack_newer "$unpacked" docker.io containerd
  fi
  export PATH=$unpacked/usr/sbin:$unpacked/usr/bin:$PATH
}
