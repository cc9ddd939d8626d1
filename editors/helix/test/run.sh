#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO: Helix from Debian sid with the lines of languages.toml, in a terminal without a screen: findings,
# code actions, colours of the grammar.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 STRIZH_BINARY DEMO" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../test/cache.sh"
root=$(realpath "$here/../../..")

sid=$("$here/../../test/install-sid.sh")
need tmux tmux
binary=$(realpath "$1")

mount -t proc proc "$sid/proc" || skip "proc cannot be mounted for chroot here" # hx does not start without it
inside=$(mktemp -d "$sid/tmp/strizh-XXXXXX")
terminal="strizh-$$"
finish() {
  tmux -L "$terminal" kill-server 2>/dev/null || true
  umount "$sid/proc"
  rm -rf "$inside"
}
trap finish EXIT
seen=${inside#"$sid"}

cp -r "$2" "$inside/demo"
cp "$here/../../test/emoji.bsl" "$inside/demo/Эмодзи.bsl"
mkdir -p "$inside/bin" "$inside/config/helix/runtime/grammars" "$inside/config/helix/runtime/queries/bsl"
place_server "$binary" "$inside/bin"
cp "$here/../languages.toml" "$inside/config/helix/"
cp "$root"/grammar/bsl/queries/*.scm "$inside/config/helix/runtime/queries/bsl/"
cc -shared -fPIC -O1 -I "$root/grammar/bsl/src" "$root"/grammar/bsl/src/*.c -o "$inside/config/helix/runtime/grammars/bsl.so"

hx=(chroot "$sid" env LANG=C.UTF-8 TERM=xterm-256color COLORTERM=truecolor HOME="$seen" XDG_CONFIG_HOME="$seen/config"
  XDG_CACHE_HOME="$seen/cache" PATH="$seen/bin:/usr/bin:/bin" hx)
"${hx[@]}" --health bsl | grep --quiet "✓.*strizh" || { echo "not ok hx --health does not find the server"; exit 1; }

tmux -L "$terminal" new -d -x 200 -y 40 "${hx[*]} -v --log $seen/log $seen/demo/Эмодзи.bsl"

# shows TEXT WHAT: waits until the screen has the text
shows() {
  for _ in $(seq 200); do
    screen=$(tmux -L "$terminal" capture-pane -e -p -t 0)
    if sed 's/\x1b\[[0-9;:]*m//g' <<< "$screen" | grep --quiet --fixed-strings -e "$1"; then
      echo "ok $2"
      return
    fi
    sleep 0.2
  done
  echo "not ok $2"
  echo "$screen"
  exit 1
}

shows "Процедура Проверить" "the module is shown"
# The keyword has a colour of its own, set right before it.
grep --quiet --extended-regexp $'\x1b\\[[0-9;:]*mПроцедура\x1b' <<< "$(tmux -L "$terminal" capture-pane -e -p -t 0)" || {
  echo "not ok the keyword has no colour"
  exit 1
}
echo "ok colours of the grammar"
shows "● 1" "findings are counted" # the list does not grow once it is open
tmux -L "$terminal" send-keys Space d
shows "Значение присваивается самому себе" "findings"
tmux -L "$terminal" send-keys Escape
sleep 0.5 # the picker closes before the next key counts
tmux -L "$terminal" send-keys 4 g g w w w w w w w w
sleep 0.5
tmux -L "$terminal" send-keys Space a
shows "Исправить: Значение присваивается самому себе" "code actions"
keep_snapshot "$inside/bin" helix-25.07
