#!/usr/bin/env bash
# run.sh STRIZH_BINARY DEMO OUT: pages of `strizh profile report` of a journal and of measurements, in both languages, in a real
# browser. OUT gets the pages and pictures of them.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: $0 STRIZH_BINARY DEMO OUT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
editors=$(realpath "$here/../../editors/test")
. "$editors/cache.sh"
binary=$(realpath "$1") demo=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")

workbench=$("$editors/install-vscode.sh")
CHROMIUM=$(find_browser)
export CHROMIUM PLAYWRIGHT=$workbench/node_modules/playwright-core SHOTS=$out
rm -rf "$out/journal" "$out"/*.html
mkdir -p "$out/journal/rphost_1"
# Two lines of the demo, one of which asks the database again and again, under one call.
call='Usr=Иванов,Context=Форма.Вызов : ОбщийМодуль.ПродажиСервер.Модуль.ЗаполнитьОстаткиВСтроках'
hot='ОбщийМодуль.ПродажиСервер.Модуль : 35 : Выборка = Запрос.Выполнить().Выбрать();'
cold='ОбщийМодуль.ПродажиСервер.Модуль : 37 : СтрокаТовара.Остаток = Выборка.Количество;'
{
  for second in $(seq 10 40); do
    printf "00:%s.000000-100000,DBPOSTGRS,4,process=rphost,OSThread=1,Usr=Иванов,Sql='SELECT %s',RowsAffected=1,Context='%s'\n" \
      "$second" "$second" "$hot"
  done
  printf "00:50.000000-500000,DBPOSTGRS,4,process=rphost,OSThread=1,Usr=Иванов,Sql='UPDATE t',RowsAffected=1,Context='%s'\n" "$cold"
  printf '01:00.000000-60000000,CALL,0,process=rphost,OSThread=1,%s\n' "$call"
} > "$out/journal/rphost_1/26112012.log"

for language in ru en; do
  "$binary" profile report "$editors/profile.json" --format "html=$out/measured-$language.html" --language "$language"
  "$binary" profile report "$out/journal" --project "$demo" --format "html=$out/journal-$language.html" --language "$language"
done
node "$here/profile_report.mjs" "$out"/*.html
