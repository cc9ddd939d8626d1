#!/bin/sh
# Lays the repositories of sources.tsv out as CORPUS/train/OWNER+NAME and CORPUS/held_out/OWNER+NAME.
# usage: fetch.sh CORPUS
set -eu
corpus=${1:?usage: fetch.sh CORPUS}
grep -v '^#' "$(dirname "$0")/sources.tsv" | while read -r repository commit license use; do
    folder="$corpus/$use/$(printf %s "$repository" | tr / +)"
    [ -e "$folder/.git" ] || git init --quiet "$folder"
    git -C "$folder" fetch --quiet --depth 1 --no-tags "https://github.com/$repository" "$commit" </dev/null
    git -C "$folder" -c core.autocrlf=false checkout --quiet --force FETCH_HEAD
    echo "$repository ($license) in $folder"
done
