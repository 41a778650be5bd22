# Builds the platform's own images on local ones, whenever what is in them has changed.

# Under the names that the compose files give them.
build_own_images() {
  "$(node_command)" "$repository/scripts/build.mjs" gateway platform >&2
  build_own_image gatehouse/api-gateway resources/platform/api-gateway/Dockerfile dist/gateway
  build_own_image gatehouse/platform-service resources/platform/services/Dockerfile dist/platform
  build_own_image gatehouse/nginx-exporter resources/platform/nginx-exporter/Dockerfile
}

node_command() { command -v node || echo "$node_package/bin/node"; }

build_own_image() { # repository, Dockerfile, folder of the built program
  local version image stamp files=("$2" resources/platform/probe resources/platform/gateway.yaml)
  version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$repository/package.json")
  image=$1:$version
  if [ -n "${3:-}" ]; then files+=("$repository/$3"/*.js); fi
  stamp=$(cd "$repository" && { cat "${files[@]}"; images_made_of; } | sha256sum | cut -c1-16)
  has_stamp "$image" "$stamp" && return
  say "building $image"
  docker buildx build --quiet --build-arg "BASE=gatehouse-local/node:$newer_suite" \
    --build-arg "EXPORTER=gatehouse-local/nginx-exporter:$newer_suite" --label "$stamp_label=$stamp" \
    --file "$repository/$2" --tag "$image" "$repository" >"$engine_dir/build.log" 2>&1 || {
    tail -n 40 "$engine_dir/build.log" | cut -c1-300 >&2
    fail "the build of $image failed; its log is $engine_dir/build.log"
  }
  prune_replaced_images
}
