#!/usr/bin/env bash
# Does the chain of compose.yaml run, and do its services answer? Called by build.sh --run, in a project of its own whose
# containers and volumes are removed at the end.
set -euo pipefail
PROJECT=volbook-check
STAGES=(ingest features train infer report)
SERVICES=(api dashboard)
export SOURCE=sample NOW=2026-01-02T22:00:00Z CONFIG='' AS_OF='' VINTAGE=''
export HOST=127.0.0.1 PORT=${PORT:-18000} DASHBOARD_PORT=${DASHBOARD_PORT:-18080}
log=$(mktemp)

compose() {
  if [[ $ENGINE = docker ]]; then docker compose --project-name $PROJECT "$@"
  else PYTHONWARNINGS=ignore podman-compose --project-name $PROJECT "$@"; fi
}

remove() {
  [[ $ENGINE = docker ]] || podman rm --force --time 15 "${SERVICES[@]/#/$PROJECT-}" >/dev/null 2>&1 || true
  compose down --volumes >/dev/null 2>&1 || true
  [[ $ENGINE = docker ]] || podman network rm "${PROJECT}_default" >/dev/null 2>&1 || true
  rm -f "$log"
}
trap remove EXIT

up() {
  if [[ $ENGINE = docker ]]; then
    compose up --detach
    return
  fi
  # Debian's podman-compose starts services without waiting for those they depend on, and exits 0 whatever they did.
  for stage in "${STAGES[@]}"; do
    SECONDS=0
    start --rm "$stage"
    echo "$stage ended after $SECONDS s"
  done
  for service in "${SERVICES[@]}"; do start --detach --service-ports --name "$PROJECT-$service" "$service"; done
}

start() {
  compose run -T --no-deps "$@" >"$log" 2>&1
  grep -qx 'exit code: 0' "$log" || { tail -n 5 "$log" >&2; fail "${*: -1} failed"; }
}

fail() {
  echo "Cannot run the containers: $1" >&2
  exit 1
}

logs() {
  if [[ $ENGINE = docker ]]; then compose logs --tail 5 "${SERVICES[@]}"
  else for service in "${SERVICES[@]}"; do podman logs --tail 5 "$PROJECT-$service"; done; fi
}

ask() { # NAME WANTED URL [curl's options]
  curl --silent --fail --retry 20 --retry-delay 1 --retry-all-errors --max-time 30 "${@:3}" >"$log" || {
    logs >&2
    fail "$1 does not answer"
  }
  grep -q "$2" "$log" || fail "$1 answers without $2"
  echo "$1 answers"
}

up
ask /health '"ok"' "http://$HOST:$PORT/health"
ask /ready '"sample"' "http://$HOST:$PORT/ready"
ask /predict '"rv_5d_hat":0\.' "http://$HOST:$PORT/predict" --json '{"as_of_date":"2026-01-02","feature_vector":{}}'
ask "the site" '<title>Today | volbook</title>' "http://$HOST:$DASHBOARD_PORT/"
ask "the site's data" '"source":"sample"' "http://$HOST:$DASHBOARD_PORT/build.json"
