#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO OUT 0.11|0.12: the plugin in Neovim 0.11 (pip), or in Neovim 0.12 of a folder of Debian sid, with
# suggestions as grey text. OUT gets the findings that the shared session of edits ends with.
set -euo pipefail
[ $# -eq 4 ] || { echo "usage: $0 STRIZH_BINARY DEMO OUT 0.11|0.12" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tests=$(realpath "$here/../../test")
. "$tests/cache.sh"
binary=$(realpath "$1") demo=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
module=CommonModules/ПродажиСервер/Ext/Module.bsl

sid=
if [ "$4" = 0.11 ]; then nvim=$("$tests/install-nvim.sh"); else sid=$("$tests/install-sid.sh"); fi
scratch=$(mktemp -d)
inside=
finish() {
  rm -rf "$scratch"
  [ -z "$inside" ] || { rm -rf "$inside"; umount "$sid/proc"; }
}
trap finish EXIT

# fill FOLDER: a throw-away copy of all that a run reads
fill() {
  mkdir -p "$1/home" "$1/test"
  cp -r "$demo" "$1/demo"
  cp "$tests/emoji.bsl" "$1/demo/Эмодзи.bsl"
  cp "$tests/session.json" "$1/session.json"
  cp -r "$here/.." "$1/plugin"
  place_server "$binary" "$1"
}

# Neovim keeps its log and state below HOME; nothing of the user's configuration is read.
clean=(env -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME -u XDG_CACHE_HOME -u NVIM_APPNAME LANG=C.UTF-8)

# script NAME FOLDER_AS_SEEN_INSIDE DEMO [PREFIX…]: runs a script of this folder
script() {
  local name=$1 folder=$2 target=$3
  shift 3
  "$@" "${clean[@]}" HOME="$folder/home" STRIZH_BIN="$folder/strizh" STRIZH_DEMO="$target" SESSION="$folder/session.json" \
    SESSION_RESULT="$folder/session-result.json" PLUGIN="$folder/plugin" \
    timeout 120 "$vim" --clean --headless -l "$folder/plugin/test/$name.lua"
}

if [ "$4" = 0.11 ]; then
  vim=$nvim
  fill "$scratch/run"
  [ -n "${RECORD_CLIENTS:-}" ] || script smoke "$scratch/run" "$scratch/run/demo/$module"
  script session "$scratch/run" "$scratch/run/demo"
  cp "$scratch/run/session-result.json" "$out/session-0.11.json"
  keep_snapshot "$scratch/run" neovim-0.11
  exit
fi

mount -t proc proc "$sid/proc" || skip "proc cannot be mounted for chroot here"
inside=$(mktemp -d "$sid/tmp/strizh-XXXXXX")
fill "$inside/run"
seen=${inside#"$sid"}/run
vim=nvim
[ -n "${RECORD_CLIENTS:-}" ] || script smoke "$seen" "$seen/demo/$module" chroot "$sid"
script session "$seen" "$seen/demo" chroot "$sid"
cp "$inside/run/session-result.json" "$out/session-0.12.json"
keep_snapshot "$inside/run" neovim-0.12
chroot "$sid" "${clean[@]}" HOME="$seen/home" STRIZH_BIN="$seen/strizh" STRIZH_DEMO="$seen/demo/$module" PLUGIN="$seen/plugin" \
  timeout 60 nvim --headless -u NONE -i NONE +"luafile $seen/plugin/test/inline.lua"
