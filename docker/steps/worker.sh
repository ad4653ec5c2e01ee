#!/bin/sh
# Entry of the worker's image: joins the coordinator that MANYHANDS_COORDINATOR_URL names; words after the image's name are passed on.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${MANYHANDS_COORDINATOR_URL:-}" ]; then
  echo "Set MANYHANDS_COORDINATOR_URL to the address of a coordinator." >&2
  exit 2
fi
exec node cli/bin/manyhands.js worker join "$MANYHANDS_COORDINATOR_URL" --data "${MANYHANDS_DATA_DIRECTORY:-/data}" "$@"
