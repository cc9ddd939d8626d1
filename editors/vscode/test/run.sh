#!/usr/bin/env bash
# Installs the locked packages, checks the types, runs the tests and builds the .vsix.
set -euo pipefail
cd "$(dirname "$0")/.."

npm ci
npm run check
npm test
npm run package
