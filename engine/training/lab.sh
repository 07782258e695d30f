#!/usr/bin/env bash
# Compares recipes on a small model: the same data in the same order, one option apart.
#
#   lab.sh --data DIR --out DIR [--valid DIR] [--steps N] [--size NAME] [--inpaint PROGRAM] ARM ...
#
# Arms: width4 width8 width16 width32   blocks of one width
#       share0 share0.5 share1 share2   weight of the masks' loss beside the causal one
#       bidirectional                   the context sees itself both ways, and learns nothing of its own
#       no-echo                         rows are not told their copy hints
# An arm that is finished is not run again; one that was stopped goes on. The table of all arms in --out is
# printed at the end, as Markdown.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

fail() {
  echo "lab.sh: $1: $2: $3" >&2
  exit "${4:-1}"
}

data="" valid="" out="" steps=300 size=3m program="$root/build/release/bin/inpaint"
arms=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    --data | --valid | --out | --steps | --size | --inpaint)
      [ $# -ge 2 ] || fail "$1" "has no value" "try --help" 2
      case "$1" in
        --data) data="$2" ;; --valid) valid="$2" ;; --out) out="$2" ;;
        --steps) steps="$2" ;; --size) size="$2" ;; --inpaint) program="$2" ;;
      esac
      shift 2 ;;
    -*) fail "$1" "is no option" "try --help" 2 ;;
    *) arms+=("$1"); shift ;;
  esac
done
[ -n "$data" ] && [ -n "$out" ] || fail "lab.sh" "needs --data and --out" "try --help" 2
[ -x "$program" ] || fail "$program" "is not built" "cmake --preset release && cmake --build --preset release"

for arm in "${arms[@]}"; do
  case "$arm" in
    width*) options=(--block-widths "${arm#width}") ;;
    share*) options=(--noised-weight "${arm#share}") ;;
    no-echo) options=(--no-echo) ;;
    bidirectional) options=(--bidirectional) ;;
    *) fail "$arm" "is no arm" "try --help" 2 ;;
  esac
  [ -f "$out/$arm/finished" ] && continue
  [ -n "$valid" ] && options+=(--valid "$valid")
  resume=()
  [ -f "$out/$arm/checkpoint.safetensors" ] && resume=(--resume)
  echo "== $arm"
  "$program" train --data "$data" --out "$out/$arm" --size "$size" --steps "$steps" \
    --tokenizer "$root/engine/mini/tokenizer.json" --learning-rate 0.003 --decay 0.5 --seed 1 \
    "${options[@]}" "${resume[@]}"
  touch "$out/$arm/finished"
done

python3 - "$out" <<'PYTHON'
import json
import sys
from pathlib import Path

print("| arm | rows | context | spans | right % | masks | right % |\n|---|---:|---:|---:|---:|---:|---:|")
for log in sorted(Path(sys.argv[1]).glob("*/log.jsonl")):
    measured = [line for line in map(json.loads, log.open()) if "clean_loss" in line]
    if measured:
        m = measured[-1]
        print(f"| {log.parent.name} | {m['rows'] / 1e6:.1f}M | {m['context_loss']:.3f} | {m['clean_loss']:.3f} | "
              f"{100 * m['clean_accuracy']:.1f} | {m['noised_loss']:.3f} | {100 * m['noised_accuracy']:.1f} |")
PYTHON
