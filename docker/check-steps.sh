#!/bin/sh
# Does without an engine what the images do with one: builds a copy of the repository, starts coordinator and worker by their entries,
# sees them work together, and stops them. Needs Node 22.12 or newer on the path.
set -eu
root="$(cd "$(dirname "$0")/.." && pwd)"
folder="$(mktemp -d)"
coordinator=""
worker=""
finish() {
  status=$?
  for process in $worker $coordinator; do kill -TERM "$process" 2>/dev/null || true; done
  [ $status -eq 0 ] || cat "$folder"/*.log 2>/dev/null || true
  rm -rf "$folder"
  exit $status
}
trap finish EXIT

say() { echo "docker steps: $*"; }
# Asks once a second for at most $1 seconds.
await() {
  seconds=$1
  shift
  while ! "$@" >/dev/null 2>&1; do
    seconds=$((seconds - 1))
    [ $seconds -gt 0 ] || { say "not within time: $*"; return 1; }
    sleep 1
  done
}

say "copying"
mkdir "$folder/manyhands"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- --ignore-failed-read -cf -) | tar -xf - -C "$folder/manyhands"
cd "$folder/manyhands"
say "building"
sh docker/steps/build.sh
say "$(du -sm . | cut -f1) MB in an image"
say "trying the demo: nothing but what it needs is built here"
mkdir "$folder/home"
HOME="$folder/home" node cli/bin/manyhands.js demo --exit --workers 2 --port 0 --data "$folder/demo" >"$folder/demo.log" 2>&1
# Three free ports in a row; two tries with the same luck are not to be expected.
port="$(node -e 'console.log(20000 + 3 * Math.floor(Math.random() * 4000))')"
export NODE_ENV=production MANYHANDS_PORT="$port"

say "starting the coordinator"
MANYHANDS_DATA_DIRECTORY="$folder/coordinator" MANYHANDS_HOST=127.0.0.1 docker/steps/coordinator.sh --open --json >"$folder/coordinator.log" 2>&1 &
coordinator=$!
await 60 docker/steps/healthy.sh
kill -0 "$coordinator" # it is ours that answers

say "starting a worker"
export MANYHANDS_COORDINATOR_URL="http://127.0.0.1:$MANYHANDS_PORT"
MANYHANDS_DATA_DIRECTORY="$folder/worker" docker/steps/worker.sh --cpus 1 --json >"$folder/worker.log" 2>&1 &
worker=$!
await 60 grep -q '"joined"' "$folder/worker.log"

say "saving and restoring"
node cli/bin/manyhands.js coordinator backup "$folder/saved.backup" --data "$folder/coordinator" >/dev/null
node cli/bin/manyhands.js coordinator restore "$folder/saved.backup" --data "$folder/restored" >/dev/null
node cli/bin/manyhands.js host list --coordinator "$MANYHANDS_COORDINATOR_URL" --data "$folder/coordinator" --json | grep -q '"isOnline":true'

say "stopping"
kill -TERM "$worker"
wait "$worker" || { code=$?; [ $code -eq 143 ] || [ $code -eq 130 ]; }
worker=""
kill -TERM "$coordinator"
wait "$coordinator"
coordinator=""
say "done"
