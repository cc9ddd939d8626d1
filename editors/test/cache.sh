# Sourced by the installers and by the scripts of editors: where real editors are kept between runs. Every folder is named by
# the version inside.
set -euo pipefail

cache=${STRIZH_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/strizh-editors}
mkdir -p "$cache"

# What `cargo xtask editors` shows beside the name of the editor goes to the file STRIZH_REASON.
reason() {
  echo "$*" >&2
  [ -z "${STRIZH_REASON:-}" ] || echo "$*" > "$STRIZH_REASON"
}

# skip REASON…: ends the script; this editor cannot be had here.
skip() {
  reason "$*"
  exit 77
}

# lacking WHAT…: ends the script; this should have been downloaded.
lacking() {
  reason "cannot be installed: $*"
  exit 1
}

# need PROGRAM PACKAGE…: installs packages of the system unless the program is there.
need() {
  local program=$1
  shift
  command -v "$program" >/dev/null && return
  need_packages "$@"
}

need_packages() {
  dpkg-query --show "$@" >/dev/null 2>&1 && return
  command -v apt-get >/dev/null || lacking "$* (packages of Debian and Ubuntu; there is no apt-get, install their likes by hand)"
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  echo "installing $*" >&2
  { "${root[@]}" apt-get update --quiet &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"; } >&2 ||
    lacking "$* (apt-get, from the sources of this system)"
}

# find_browser: the path of Chromium or of what is built from it
find_browser() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome; do
    command -v "$name" && return
  done
  lacking "chromium (apt-get), or name a browser in CHROMIUM"
}

# once FOLDER WHAT COMMAND…: runs the command, which fills FOLDER; a folder that was left half-filled is filled again.
once() {
  local folder=$1 what=$2
  shift 2
  [ -e "$folder/.complete" ] && return
  rm -rf "$folder"
  mkdir -p "$folder"
  "$@" "$folder" >&2 || lacking "$what"
  touch "$folder/.complete"
}

# With RECORD_CLIENTS=FOLDER the editors talk to a recorder, and the folder gets what they say about themselves.
shared=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# place_server BINARY FOLDER
place_server() {
  mkdir -p "$2"
  if [ -z "${RECORD_CLIENTS:-}" ]; then
    cp "$1" "$2/strizh"
  else
    cp "$1" "$2/strizh.real"
    cp "$shared/recorder.sh" "$2/strizh"
  fi
  chmod 755 "$2"/strizh*
}

# keep_snapshot FOLDER NAME: what the editor with the server of this folder has sent
keep_snapshot() {
  [ -z "${RECORD_CLIENTS:-}" ] || python3 "$shared/snapshot.py" "$1/strizh.record" "$RECORD_CLIENTS/$2.json"
}
