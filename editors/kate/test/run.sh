#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO OUT: Kate with the two files of this folder, on a screen that nobody sees: the module is opened, an edit
# is sent, findings come. OUT gets a picture. Kate is used if it is installed: it brings 230 MB of libraries.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 STRIZH_BINARY DEMO OUT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../test/cache.sh"
for program in kate xvfb-run xdotool import dbus-run-session; do
  command -v "$program" >/dev/null || skip "$program is missing (apt-get install kate xvfb xdotool imagemagick dbus)"
done
mkdir -p "$3"
out=$(realpath "$3")
scratch=$(mktemp -d)
# Services of the desktop may still be writing when the bus is gone.
trap 'rm -rf "$scratch" 2>/dev/null || { sleep 2; rm -rf "$scratch" || true; }' EXIT

mkdir -p "$scratch"/{bin,config/kate/lspclient,data/org.kde.syntax-highlighting/syntax,cache}
mkdir -m 700 "$scratch/run"
cp -r "$2" "$scratch/demo"
cp "$here/../../test/emoji.bsl" "$scratch/demo/Эмодзи.bsl"
cp "$here/../bsl.xml" "$scratch/data/org.kde.syntax-highlighting/syntax/"
cp "$here/../settings.json" "$scratch/config/kate/lspclient/"
# The question whether this server may be started has been answered.
cat > "$scratch/config/katerc" <<END
[Kate Plugins]
lspclientplugin=true
[lspclient]
AllowedServerCommandLines=$scratch/bin/strizh lsp
END
cp "$1" "$scratch/bin/strizh.real"
cat > "$scratch/bin/strizh" <<'END'
#!/usr/bin/env bash
here=$(cd "$(dirname "$0")" && pwd)
tee "$here/sent" | "$here/strizh.real" "$@" | tee "$here/received"
END
chmod 755 "$scratch"/bin/*

cat > "$scratch/person.sh" <<'END'
# waits FILE TEXT COUNT: until the file has the text so often
waits() {
  for _ in $(seq 300); do
    [ "$(grep --text --only-matching --fixed-strings -e "$2" "$1" 2>/dev/null | wc -l)" -ge "$3" ] && return
    sleep 0.1
  done
  echo "not ok Kate: waited in vain for $2"
  exit 1
}
kate --new --block "$1" 2> "$3/kate.log" &
waits "$3/bin/received" SelfAssign 1
waits "$3/bin/sent" textDocument/semanticTokens 1
sleep 2
import -window root "$2/kate.png"
before=$(grep --text --only-matching SelfAssign "$3/bin/received" | wc -l)
xdotool key Return
waits "$3/bin/sent" textDocument/didChange 1
waits "$3/bin/received" SelfAssign $((before + 1))
kill %1
END
HOME=$scratch XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data XDG_CACHE_HOME=$scratch/cache XDG_RUNTIME_DIR=$scratch/run \
  LANG=C.UTF-8 PATH=$scratch/bin:$PATH timeout 120 xvfb-run --auto-servernum --server-args="-screen 0 800x540x24" \
  dbus-run-session -- bash "$scratch/person.sh" "$scratch/demo/Эмодзи.bsl" "$out" "$scratch" 2> "$out/kate.log" || {
  tail -5 "$out/kate.log"
  exit 1
}
echo "ok Kate: a module opened, findings, an edit, findings again"
