#!/usr/bin/env bash
# Trains in a process that outlives this call. Data may go on arriving while it runs.
#
#   packaging/gpu/train.sh MINUTES [options of inpaint train]   starts, with the bundle's shards
#   packaging/gpu/train.sh --more-data                          adds those that the bundle has now
#   packaging/gpu/train.sh --status                             how far it is
#   packaging/gpu/train.sh --finish [model|weights|all]         stops it if it still runs, evaluates,
#                                                               and leaves the results in $OUT
#
# With --size it begins a new model, else it goes on from the bundle's weights. Decay is 0, so that
# another stay can go on from the weights; --decay 0.2 makes a model to be shipped. Results are in
# pieces of at most 15 MiB; `cat model.tar.?? | tar x` joins them. With --rehearse: a tiny model on the
# processor, in well under a minute.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/place.sh"
take_rehearse "$@"
set -- "${arguments[@]+"${arguments[@]}"}"
data="$gpu_run/data"
mode="${1:-}"

running() { [ -f "$gpu_run/worker.pid" ] && kill -0 "$(cat "$gpu_run/worker.pid")" 2>/dev/null; }

# Moved whole, so that a trainer which starts meanwhile sees no half shard.
take_shards() {
  local shard count=0
  mkdir -p "$data"
  for shard in "$gpu_bundle"/shards/*.shard; do
    [ -f "$shard" ] || continue
    if [ -f "$data/$(basename "$shard")" ]; then continue; fi
    cp "$shard" "$data/.arriving"
    mv "$data/.arriving" "$data/$(basename "$shard")"
    count=$((count + 1))
  done
  say "$count new shards, $(find "$data" -name '*.shard' | wc -l) in all"
}

# take_tiny_shard FOLDER NUMBER: a few files of our own source, packed small, so that a rehearsal takes
# the same path as the real thing.
take_tiny_shard() {
  rm -rf "$gpu_run/packed"
  "$gpu_binaries/inpaint" shards pack --from "$inpaint_root/$1" --out "$gpu_run/packed" --shard-mib 1 |
    tail -1
  mkdir -p "$data"
  mv "$gpu_run/packed/train-0000.shard" "$data/train-000$2.shard"
}

# Ends the trainer, which saves first. The worker that started it does the rest.
stop_trainer() {
  if [ -f "$gpu_run/trainer.pid" ]; then kill -TERM "$(cat "$gpu_run/trainer.pid")" 2>/dev/null || true; fi
}

# set_option NAME VALUE: in `command`; an option may stand there once.
set_option() {
  local i
  for i in "${!command[@]}"; do
    if [ "${command[$i]}" = "$1" ]; then command[i + 1]="$2"; return; fi
  done
  command+=("$1" "$2")
}

start() {
  running && fail "train.sh" "a run is under way" "see --status, or end it with --finish"
  local minutes="$1"
  shift
  rm -rf "$gpu_run"
  mkdir -p "$gpu_run"
  if [ -n "$rehearse" ]; then
    take_tiny_shard engine/prompt 0
    set -- --size tiny --batch 2 --context 128 --threads 1 --valid "$inpaint_root/grammar" "$@"
  else
    take_shards
    [ -n "$(find "$data" -name '*.shard')" ] ||
      fail "$data" "there are no shards" "run packaging/gpu/bundle.sh --shards FOLDER before"
  fi
  local from=(--tokenizer "$inpaint_root/engine/mini/tokenizer.json")
  if [[ " $* " != *" --size "* ]]; then
    [ -f "$gpu_bundle/weights/config.json" ] || fail "$gpu_bundle/weights" "no model to go on from" \
      "bring one with packaging/gpu/bundle.sh --run or --weights, or begin a new one with --size"
    cp -r "$gpu_bundle/weights" "$gpu_run/from"
    from=(--from "$gpu_run/from" --warmup-steps 200)
  fi
  command=("$gpu_binaries/inpaint" train --data "$data" --out "$gpu_run/out" --device "$device"
    --minutes "$minutes" --decay 0 --save-every-minutes 3 --measure-every-minutes 2 "${from[@]}")
  while [ $# -ge 2 ]; do set_option "$1" "$2"; shift 2; done
  printf '%s\0' "${command[@]}" >"$gpu_run/command"
  setsid nohup "${BASH_SOURCE[0]}" --work ${rehearse:+--rehearse} </dev/null >"$gpu_run/train.log" 2>&1 &
  echo $! >"$gpu_run/worker.pid"
  say "started for $minutes minutes: packaging/gpu/train.sh --status"
}

# The process that outlives the call: starts the trainer, and starts it again where it was stopped for
# more data.
work() {
  echo $$ >"$gpu_run/worker.pid"
  local resume=() code
  command=()
  mapfile -d '' command <"$gpu_run/command"
  while true; do
    rm -f "$gpu_run/more-data"
    if [ -f "$gpu_run/out/checkpoint.safetensors" ]; then resume=(--resume); fi
    "${command[@]}" "${resume[@]+"${resume[@]}"}" &
    echo $! >"$gpu_run/trainer.pid"
    code=0
    wait "$!" || code=$?
    # 130: it has saved; 143: it was still loading, and there was nothing to save.
    case "$code" in 130 | 143) if [ -f "$gpu_run/more-data" ]; then continue; fi ;; esac
    echo "$code" >"$gpu_run/exit-code"
    rm -f "$gpu_run/trainer.pid"
    return 0
  done
}

more_data() {
  running || fail "train.sh" "no run is under way" "start one with train.sh MINUTES"
  if [ -n "$rehearse" ]; then take_tiny_shard engine/decoding 1; else take_shards; fi
  touch "$gpu_run/more-data"
  stop_trainer
}

status() {
  if running; then say "runs"; else say "does not run; exit code $(cat "$gpu_run/exit-code" 2>/dev/null || echo unknown)"; fi
  tail -n 12 "$gpu_run/train.log" | cut -c1-160
  if command -v nvidia-smi >/dev/null; then
    nvidia-smi --query-gpu=utilization.gpu,memory.used,power.draw --format=csv,noheader
  fi
}

# pieces NAME FOLDER: FOLDER as NAME.tar.00, .01, ... in $OUT. Weights hardly compress.
pieces() {
  rm -f "$gpu_out/$1".tar.*
  tar -C "$2" -c . | split -b 15m -d - "$gpu_out/$1.tar."
  say "$1: $(cd "$gpu_out" && ls "$1".tar.* | tr '\n' ' ')"
}

finish() {
  local what="${1:-all}" waited=0
  case "$what" in model | weights | all) ;; *) fail "--finish $what" "is none of model, weights, all" "" ;; esac
  stop_trainer
  while running && [ "$waited" -lt 90 ]; do sleep 1; waited=$((waited + 1)); done
  [ -f "$gpu_run/out/model/config.json" ] ||
    fail "$gpu_run/out/model" "no model was written" "read $gpu_run/train.log"
  cp "$gpu_run/train.log" "$gpu_out/train.log"
  cp "$gpu_run/out/log.jsonl" "$gpu_out/train.jsonl"
  tr '\0' ' ' <"$gpu_run/command" >"$gpu_out/command.txt"
  samples >"$gpu_out/samples.txt" 2>&1 || true
  if [ "$what" != weights ]; then pieces model "$gpu_run/out/model"; fi
  if [ "$what" != model ]; then export_bf16; pieces weights "$gpu_run/bf16/model"; fi
  { grep 'measured:' "$gpu_out/train.log" || echo "nothing to measure on: no valid.shard"; } | tail -2
  say "results: $(du -sk "$gpu_out" | cut -f1) KiB in $gpu_out"
}

# The trainer resumes a copy that has no step left, and writes its weights in another format.
export_bf16() {
  command=()
  mapfile -d '' command <"$gpu_run/command"
  rm -rf "$gpu_run/bf16"
  mkdir -p "$gpu_run/bf16"
  ln "$gpu_run/out/checkpoint.safetensors" "$gpu_run/bf16/checkpoint.safetensors"
  set_option --out "$gpu_run/bf16"
  set_option --steps 1
  set_option --format bf16
  "${command[@]}" --resume >"$gpu_run/bf16.log" 2>&1 || {
    tail -5 "$gpu_run/bf16.log" >&2
    fail "weights" "the trainer could not write them in bf16" "the checkpoint is in $gpu_run/out"
  }
}

samples() {
  local scratch
  scratch="$(mktemp -d)"
  printf 'import math\n\n\ndef area(radius):\n    return math.pi * \n' >"$scratch/area.py"
  printf '#include <stdio.h>\n\nint main(void) {\n  for (int i = 0; i < \n}\n' >"$scratch/loop.c"
  for place in area.py:5:22 loop.c:4:23; do
    "$gpu_binaries/inpaint" complete "$scratch/$place" --json --model "$gpu_run/out/model" --max-tokens 16
  done
  rm -rf "$scratch"
}

case "$mode" in
  '' | -h | --help) sed -n '2,15s/^# \{0,1\}//p' "$0" ;;
  --status) status ;;
  --more-data) more_data ;;
  --finish) need_binary; finish "${2:-all}" ;;
  --work) work ;;
  -*) echo "train.sh: unknown argument '$mode': try --help" >&2; exit 2 ;;
  *) need_binary; start "$@" ;;
esac
