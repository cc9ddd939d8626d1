#!/usr/bin/env bash
# A folder with the newest Neovim and Helix of Debian, as seen by chroot; prints it. They would replace the system's C library
# if they were installed beside it. Needs root; the versions move, so nothing may depend on this one alone.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/cache.sh"

fill() {
  debootstrap --variant=minbase --include=neovim,hx,python3-minimal sid "$1"
}

[ "$(id -u)" -eq 0 ] || skip "a folder of Debian sid needs root"
need debootstrap debootstrap
once "$cache/sid" "neovim and hx of Debian sid (debootstrap)" fill
echo "$cache/sid"
