#!/usr/bin/env bash
# Makes the fixed set of cases that completions are scored on, from packages that training never sees.
#
#   make_cases.sh [--inpaint PROGRAM] [--fresh] [--kinds LIST] [--per-language N] [--seed N] [--out FILE]
#
# Fetches the held-out packages (a minute, 0.9 GB of archives, 110 MB of source) unless they are there,
# and cuts cases out of them, each with the three files that lie nearest. --fresh: out of packages that
# published weights have not read either (engine/training/data/fresh.toml). Everything goes to ${XDG_CACHE_HOME:-~/.cache}/inpaint/quality: the cases
# hold code of others and stay out of the repository.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/inpaint/quality"
here="$root/tests/quality"

fail() {
  echo "make_cases.sh: $1: $2: $3" >&2
  exit "${4:-1}"
}

program=""
per_language=300
seed=1
out=""
folder="held"
manifest="manifest"
kinds=(line block span)
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --fresh)
      folder="fresh"
      manifest="fresh"
      shift
      continue
      ;;
    --inpaint | --kinds | --per-language | --seed | --out)
      [ $# -ge 2 ] || fail "$1" "has no value" "try --help" 2 ;;
    *) fail "$1" "is no option" "try --help" 2 ;;
  esac
  case "$1" in
    --inpaint) program="$2" ;;
    --kinds) IFS=, read -ra kinds <<<"$2" ;;
    --per-language) per_language="$2" ;;
    --seed) seed="$2" ;;
    --out) out="$2" ;;
  esac
  shift 2
done
if [ -z "$program" ]; then
  for build in release dev; do
    if [ -x "$root/build/$build/bin/inpaint" ]; then
      program="$root/build/$build/bin/inpaint"
      break
    fi
  done
fi
out="${out:-$cache/$([ "$folder" = held ] || echo fresh_)cases.jsonl}"
[ -n "$program" ] || fail inpaint "is not built" "cmake --preset release && cmake --build --preset release"

mkdir -p "$cache" "$(dirname "$out")"
python3 "$root/engine/training/data/fetch.py" --out "$cache/$folder" --section heldout \
  --manifest "$root/engine/training/data/$manifest.toml" ||
  fail "$cache/$folder" "a held-out package could not be fetched" "see the lines above, and try again"
"$program" cases --from "$cache/$folder/src" --strip 2 --neighbours 3 --kinds "${kinds[@]}" \
  --per-language "$per_language" --seed "$seed" --out "$out"

sum="$(sha256sum "$out" | cut -d' ' -f1)"
if [ "$folder" = held ] && [ "${#kinds[@]}" = 3 ] && [ "$per_language" = 300 ] && [ "$seed" = 1 ]; then
  if [ "$sum" = "$(cut -d' ' -f1 "$here/cases.sha256")" ]; then
    echo "$out: the published set"
  else
    echo "$out: $sum, another set than that of the published figures: a package, a grammar or the" \
      "sampler has changed"
  fi
else
  echo "$out: $sum"
fi
