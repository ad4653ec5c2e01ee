#!/bin/sh
# Entry of the coordinator's image. Options come as MANYHANDS_… variables; words after the image's name are passed on.
set -eu
cd "$(dirname "$0")/../.."
export MANYHANDS_DATA_DIRECTORY="${MANYHANDS_DATA_DIRECTORY:-/data}" MANYHANDS_HOST="${MANYHANDS_HOST:-0.0.0.0}"
exec node cli/bin/manyhands.js coordinator start "$@"
