#!/usr/bin/env bash
# Is what was built right on this machine? One report; a failure says what it spoils, and leaves it
# to the reader whether training is touched by it. Its budget is a minute.
#
#   packaging/gpu/check.sh              the tests of the engine, three steps on the processor and on
#                                       the GPU beside each other, one completion
#   packaging/gpu/check.sh --rehearse   the same with few tests, and the processor in both roles
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/place.sh"
take_rehearse "$@"
case "${arguments[0]:-}" in
  '') ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "check.sh: unknown argument '${arguments[0]}': try --help" >&2; exit 2 ;;
esac
need_binary
inpaint="$gpu_binaries/inpaint"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
failed=()

# check NAME COMMAND...: runs it, keeps its output in the report, goes on after a failure.
check() {
  local name="$1" took=$SECONDS
  shift
  printf '\n--- %s\n' "$name" >>"$gpu_out/check.log"
  if "$@" >>"$gpu_out/check.log" 2>&1; then
    say "ok      $name ($((SECONDS - took)) s)"
  else
    say "FAILED  $name ($((SECONDS - took)) s)"
    failed+=("$name")
  fi
}

: >"$gpu_out/check.log"
tests=(tests_core tests_engine)
filter='*'
if [ -n "$rehearse" ]; then filter='Library.*:Tokenizer*:Parity*:*Parity*'; fi
if command -v nvidia-smi >/dev/null; then check "the GPU answers" nvidia-smi; fi
for program in "${tests[@]}"; do
  if [ -x "$gpu_binaries/$program" ]; then
    check "$program" "$gpu_binaries/$program" --gtest_brief=1 --gtest_filter="$filter"
  else
    say "absent  $program"
  fi
done

# The same three steps from the same seed, in f32: the two losses differ by rounding alone.
tokenizer="$inpaint_root/engine/mini/tokenizer.json"
three_steps() {
  "$inpaint" train --size tiny --steps 3 --batch 2 --context 128 --data "$inpaint_root/engine" \
    --valid "$inpaint_root/grammar" --out "$scratch/$1" --tokenizer "$tokenizer" \
    --number-type f32 --decay 0 --threads 2 --device "$2"
}
loss_of() { sed -n 's/.*"clean_loss":\([0-9.eE+-]*\).*/\1/p' "$scratch/$1/log.jsonl" | tail -1; }
losses_agree() {
  local here there
  here="$(loss_of reference)" there="$(loss_of device)"
  printf 'clean loss: processor %s, %s %s\n' "$here" "$device" "$there"
  awk -v a="$here" -v b="$there" \
    'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a > 0 && b > 0 && d <= 0.002 * a) }'
}
check "three steps on the processor" three_steps reference cpu
check "three steps on $device" three_steps device "$device"
check "both reach the same loss" losses_agree

one_completion() {
  local model="$gpu_bundle/weights"
  [ -f "$model/config.json" ] || model="$scratch/reference/model"
  printf 'def area(radius):\n    return 3.14159 * \n' >"$scratch/area.py"
  "$inpaint" complete "$scratch/area.py:2:22" --json --model "$model" --max-tokens 8
}
check "one completion" one_completion

grep -E 'clean loss:|tokens/s' "$gpu_out/check.log" | tail -4 | sed 's/^/   /' || true
if [ ${#failed[@]} -gt 0 ]; then
  fail "check" "${#failed[@]} failed" "read $gpu_out/check.log; go on with what they do not touch"
fi
