#!/bin/sh
# Health check of the coordinator's image.
set -eu
exec node -e 'fetch(`http://localhost:${process.env.MANYHANDS_PORT ?? 8420}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))'
