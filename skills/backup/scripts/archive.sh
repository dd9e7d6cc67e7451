#!/bin/sh
# Usage: archive.sh <target folder> <path>...   Makes <host>-<date>-<time>.tar.gz and its checksum, and reads it back.
set -eu
umask 077

[ "$#" -ge 2 ] || { echo "usage: archive.sh <target folder> <path>..." >&2; exit 2; }
target=$1
shift
for path in "$@"; do
  [ -e "$path" ] || { echo "there is no $path" >&2; exit 1; }
done
mkdir -p -- "$target"
target=$(cd -- "$target" && pwd -P)

name="$(uname -n)-$(date '+%Y-%m-%d-%H%M%S').tar.gz"
part="$target/.$name.part"
trap 'rm -f -- "$part"' EXIT INT TERM
[ ! -e "$target/$name" ] || { echo "$target/$name is there already" >&2; exit 1; }

# Absolute names, so that a path like "." or "../x" is found again; the leading / is left out in the archive.
list=""
for path in "$@"; do
  folder=$(cd -- "$(dirname -- "$path")" && pwd -P)
  base=$(basename -- "$path")
  case $base in
    . | ..) full=$(cd -- "$path" && pwd -P) ;;
    *) full="${folder%/}/$base" ;;
  esac
  list="$list
${full#/}"
done

set --
old_ifs=$IFS
IFS='
'
for each in $list; do set -- "$@" "$each"; done
IFS=$old_ifs

tar -czf "$part" --exclude='node_modules' --exclude='.cache' --exclude='.venv' --exclude="${target#/}/*.tar.gz" \
  --exclude="${part#/}" -C / -- "$@"
count=$(tar -tzf "$part" | wc -l | tr -d ' ')
mv -- "$part" "$target/$name"
cd -- "$target"
if command -v sha256sum > /dev/null 2>&1; then sha256sum -- "$name"; else shasum -a 256 -- "$name"; fi > "$name.sha256"
echo "$target/$name: $(du -h -- "$name" | cut -f1), $count entries, read back without errors"
