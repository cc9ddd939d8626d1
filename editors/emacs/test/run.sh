#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO: findings, hover, actions and an edit in Emacs with eglot, without a window.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 STRIZH_BINARY DEMO" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../test/cache.sh"
need emacs emacs-nox elpa-eglot
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r "$2" "$scratch/demo"
cp "$here/../../test/emoji.bsl" "$scratch/demo/Эмодзи.bsl"
place_server "$1" "$scratch"
cd "$scratch"
# Without -Q: packages of the system are on the load path. HOME keeps the user's own configuration out.
HOME=$scratch LANG=C.UTF-8 STRIZH_BIN=$scratch/strizh STRIZH_DEMO=$scratch/demo/Эмодзи.bsl timeout 120 \
  emacs --batch -l "$here/smoke.el"
keep_snapshot "$scratch" emacs-28
