# Packs the photos of each month into an archive of its own: sourced by bash.
set -euo pipefail

archive="${1:-photos}"
keep="${2:-30}"

fail() {
  echo "archive: $1" >&2
  exit 1
}

[ -d "$archive" ] || fail "no folder $archive"

count_files() {
  find "$1" -type f | wc -l
}

pack_month() {
  local month="$1"
  local target="$archive/$month.tar.gz"
  if [ -e "$target" ]; then
    echo "$target is there already"
    return 0
  fi
  tar -czf "$target" -C "$archive" "$month"
  rm -r "${archive:?}/$month"
}

before="$(count_files "$archive")"
for folder in "$archive"/*/; do
  month="$(basename "$folder")"
  case "$month" in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]) pack_month "$month" ;;
    *) echo "skipping $month" ;;
  esac
done

find "$archive" -name '*.tar.gz' -mtime "+$keep" -print -delete
after="$(count_files "$archive")"
echo "$before files before, $after after"
