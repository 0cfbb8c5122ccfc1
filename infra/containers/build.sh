#!/usr/bin/env bash
# Builds the images pipeline, api and dashboard. usage: build.sh [--run]
# --run then runs compose.yaml on the simulated sample, minutes long, and asks both services (run.sh).
# Docker where its engine answers; otherwise podman, for which this needs Debian and root (without-docker.sh).
set -euo pipefail
cd "$(dirname "$0")/../.."
[[ $# = 0 || "$*" = --run ]] || { echo "Cannot use the arguments $*: only --run is known" >&2; exit 2; }

if docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1; then
  export ENGINE=docker
  docker compose build
else
  export ENGINE=podman
  # shellcheck source=SCRIPTDIR/without-docker.sh
  source infra/containers/without-docker.sh
  for target in pipeline api dashboard; do
    image=$(sed -n "s|^ *image: \(volbook/$target:.*\)|\1|p" compose.yaml)
    buildah bud --quiet --layers --network host --format docker --pull-never --target "$target" --tag "$image" . >/dev/null
    buildah images --format '{{.Name}}:{{.Tag}} {{.Size}}' "$image"
  done
fi
[[ $# = 0 ]] || infra/containers/run.sh
