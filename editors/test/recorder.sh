#!/usr/bin/env bash
# Stands where an editor expects the server and writes down what the editor sends: `strizh.real` is the server beside it.
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1:-}" = lsp ]; then
  tee "$here/strizh.record" | "$here/strizh.real" lsp
else
  exec "$here/strizh.real" "$@"
fi
