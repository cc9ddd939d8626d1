#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO OUT: packs the extension with the binary, installs it into a real VS Code workbench in a browser
# without a window, runs the tests inside the extension host and the scenario of a person at the keyboard. OUT gets the
# screenshots, the figures and the findings that the shared session of edits ends with. ONLY=screen and STEPS=WORD, or
# ONLY=host and SUITE=LETTER, try a part.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 STRIZH_BINARY DEMO OUT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../../test/cache.sh"
extension=$(realpath "$here/../..")
binary=$(realpath "$1") demo=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")

WORKBENCH=$("$here/../../../test/install-vscode.sh")
CHROMIUM=$(find_browser)
export WORKBENCH CHROMIUM SHOTS=$out FIGURES=$out/figures.tsv
PATH="$(dirname "$WORKBENCH")/node-24.21.0/node_modules/node/bin:$PATH"
code="$WORKBENCH/node_modules/code-server"
: > "$FIGURES"

scratch=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  find "$scratch" -name '*Strizh*.log' -exec cp {} "$out/" \;
  rm -rf "$scratch"
}
trap finish EXIT

# Servers of the tests know nothing of earlier runs, and leave nothing behind.
export XDG_CACHE_HOME=$scratch/cache XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data
# Where Cyrillic names are part of paths, the system has to know their encoding.
export LANG=C.UTF-8
# What a host of hot reloads asks for, and the server brings.
STRIZH_RELOAD_TOKEN=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
export STRIZH_RELOAD_TOKEN

# fresh_demo FOLDER: the configuration in FOLDER, a module for the tests in $scratch/demo
fresh_demo() {
  rm -rf "$scratch/demo"
  mkdir -p "$(dirname "$1")"
  cp -r "$demo" "$1"
  cp "$here/../../../test/emoji.bsl" "$scratch/demo/Эмодзи.bsl"
  cp "$here/../../../test/profile.json" "$scratch/demo/"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for_port() {
  for _ in $(seq 300); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.1
  done
  echo "the workbench does not listen on port $1" >&2
  exit 1
}

stop_workbench() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}

if ! [ "$extension/node_modules/.package-lock.json" -nt "$extension/package-lock.json" ]; then
  echo "── packages of the extension"
  npm --prefix "$extension" ci --no-audit --no-fund || lacking "packages of editors/vscode/package-lock.json (npm)"
fi

echo "── package"
mkdir -p "$extension/server"
cp "$binary" "$extension/server/strizh"
chmod 755 "$extension/server/strizh"
vsix=$scratch/strizh.vsix
(cd "$extension" && npm run --silent package -- --target linux-x64 -o "$vsix") > "$out/package.log" 2>&1 || { cat "$out/package.log"; exit 1; }
python3 -m zipfile -e "$vsix" "$scratch/unpacked"
chmod 755 "$scratch/unpacked/extension/server/strizh"
printf 'VSIX, bytes\t%s\n' "$(stat -c %s "$vsix")" >> "$FIGURES"

if [ "${ONLY:-}" != screen ]; then
echo "── tests inside the extension host"
# The configuration lies deeper, so that opening the first module is what starts the extension.
fresh_demo "$scratch/demo/designer"
# The window does not trust the folder: what its settings name must not be run.
mkdir -p "$scratch/demo/.vscode"
printf '{ "strizh.server.path": "%s" }\n' "$scratch/intruder" > "$scratch/demo/.vscode/settings.json"
printf '#!/bin/sh\ntouch "%s"\n' "$scratch/intruder-ran" > "$scratch/intruder"
chmod +x "$scratch/intruder"
export INTRUDER_RAN=$scratch/intruder-ran
port=$(free_port)
export TEST_RESULT=$out/extension-host.txt SESSION=$here/../../../test/session.json SESSION_RESULT=$out/session.json
export SERVER=$scratch/unpacked/extension/server/strizh
if [ -n "${RECORD_CLIENTS:-}" ]; then
  place_server "$binary" "$scratch/recorded"
  export STRIZH_SERVER=$scratch/recorded/strizh SERVER=$scratch/recorded/strizh.real
fi
rm -f "$TEST_RESULT"
(cd "$code" && exec node lib/vscode/out/server-main.js --host 127.0.0.1 --port "$port" --without-connection-token \
  --accept-server-license-terms --enable-smoke-test-driver --server-data-dir "$scratch/server" --telemetry-level off \
  > "$out/extension-host.log" 2>&1) &
server=$!
wait_for_port "$port"
passed=0
node "$here/exthost.mjs" "http://127.0.0.1:$port" "$scratch/demo" "$scratch/unpacked/extension" "$here/suite/index.js" || passed=$?
stop_workbench
cat "$TEST_RESULT" 2>/dev/null || echo "the tests did not run, see $out/extension-host.log"
# The recorder hides the server that one test kills.
[ "$passed" -eq 0 ] || [ -n "${RECORD_CLIENTS:-}" ] || exit 1
keep_snapshot "$scratch/recorded" vscode-1.139
unset STRIZH_SERVER

fi

[ "${ONLY:-}" != host ] || { cat "$FIGURES"; exit; }
echo "── a person at the keyboard"
fresh_demo "$scratch/demo"
port=$(free_port)
mkdir -p "$scratch/user/User"
cp "$here/settings.json" "$scratch/user/User/"
node "$code/out/node/entry.js" --user-data-dir "$scratch/user" --extensions-dir "$scratch/extensions" --install-extension "$vsix" \
  > "$out/install.log" 2>&1
export SERVER; SERVER=$(echo "$scratch"/extensions/strizh.strizh-*/server/strizh)
node "$code/out/node/entry.js" --user-data-dir "$scratch/user" --extensions-dir "$scratch/extensions" --auth none \
  --bind-addr "127.0.0.1:$port" --disable-telemetry --disable-update-check --disable-workspace-trust \
  --disable-getting-started-override "$scratch/demo" > "$out/workbench.log" 2>&1 &
server=$!
wait_for_port "$port"
node "$here/scenario.mjs" "http://127.0.0.1:$port" "$scratch/demo"
stop_workbench
if [ -n "${UPDATE_IMAGES:-}" ]; then
  cp "$out"/{diagnostics,completion-query,ghost-text,profile,report,hot-reload}.png "$here/../../../../docs/images/"
fi
cat "$FIGURES"
