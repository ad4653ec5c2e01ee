#!/bin/sh
# What both images are built with: installs from the lockfile, builds, and removes everything that only building needed.
# Run in a copy of the repository, with Node 22.12 or newer on the path.
set -eu
npm ci --loglevel=error --no-audit --no-fund
# What the demo runs is all that an image runs: no types, no other examples.
node scripts/setup.mjs demo
npm prune --loglevel=error --no-audit --no-fund --omit=dev
# The image has its own Node; the other optional packages (the add-on of the sandbox) are needed.
rm -rf node_modules/node-linux-* node_modules/node-win-* node_modules/.bin/node
rm -rf .git .build lab docker/system-tests
