#!/usr/bin/env bash
# Scores every mode on the fixed set of cases and makes the tables and plots of the model card.
#
#   run.sh [--model MODEL] [--modes LIST] [--limit N] [--jobs N] [--resume] [--inpaint PROGRAM]
#          [--cases FILE] [--out DIR]
#
# The model is mini, unless another one is named. Modes are diffusion, lossless, autoregressive, copy, analogy and draft; one with "-alone" behind it sees no
# other file than its own. Answers, summaries, table.md and plots (*.svg) are
# left in --out. Interrupted, it goes on with --resume. Times count only on a machine that does nothing else.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/inpaint/quality"

fail() {
  echo "run.sh: $1: $2: $3" >&2
  exit "${4:-1}"
}

program=""
cases="$cache/cases.jsonl"
out="$cache/results"
modes="copy-alone,copy,analogy,lossless-alone,diffusion,lossless,autoregressive"
model=mini
more=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --resume) more+=(--resume); shift; continue ;;
    --model | --modes | --limit | --jobs | --inpaint | --cases | --out)
      [ $# -ge 2 ] || fail "$1" "has no value" "try --help" 2 ;;
    *) fail "$1" "is no option" "try --help" 2 ;;
  esac
  case "$1" in
    --model) model="$2" ;;
    --modes) modes="$2" ;;
    --limit | --jobs) more+=("$1" "$2") ;;
    --inpaint) program="$2" ;;
    --cases) cases="$2" ;;
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
[ -n "$program" ] || fail inpaint "is not built" "cmake --preset release && cmake --build --preset release"
[ -f "$cases" ] || fail "$cases" "there are no cases" "tests/quality/make_cases.sh"

mkdir -p "$out"
summaries=()
answers=()
for mode in ${modes//,/ }; do
  echo "== $mode"
  neighbours=on
  [ "$mode" = "${mode%-alone}" ] || neighbours=off
  "$program" eval --cases "$cases" --mode "${mode%-alone}" --neighbours "$neighbours" --out "$out/$mode.jsonl" \
    --summary "$out/$mode.json" --model "$model" "${more[@]}"
  summaries+=("$out/$mode.json")
  answers+=("$out/$mode.jsonl")
done
python3 "$root/tests/quality/table.py" "${summaries[@]}" > "$out/table.md"
speeds="$(python3 "$root/tests/quality/plot.py" --cases "$cases" --out "$out" "${answers[@]}")"
[ -z "$speeds" ] || printf '\n%s\n' "$speeds" >> "$out/table.md"
cat "$out/table.md"
