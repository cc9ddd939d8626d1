# Sourced by the installers: where real editors are kept between runs. Every folder is named by the version inside.
set -euo pipefail

cache=${STRIZH_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/strizh-editors}
mkdir -p "$cache"

# need PROGRAM PACKAGE…: installs packages of the system unless the program is there.
need() {
  local program=$1
  shift
  command -v "$program" >/dev/null && return
  need_packages "$@"
}

need_packages() {
  dpkg-query --show "$@" >/dev/null 2>&1 && return
  echo "installing $*" >&2
  { apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"; } >&2
}

# once FOLDER COMMAND…: runs the command, which fills FOLDER; a folder that was left half-filled is filled again.
once() {
  local folder=$1
  shift
  [ -e "$folder/.complete" ] && return
  rm -rf "$folder"
  mkdir -p "$folder"
  "$@" "$folder" >&2
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
