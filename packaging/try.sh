#!/usr/bin/env bash
# Set-up, a release build, a model, and the main job on real files: fills the rest of a line of
# Inpaint's own main.cpp, measures what drafts are worth here, then starts the language server and
# types into copies of files as an editor does (try_server.py).
#
#   packaging/try.sh              fetches the model qwen2.5-coder-0.5b (491 MB) once; a terminal is asked
#   packaging/try.sh --no-model   goes on with mini, the small model of the repository
#   packaging/try.sh --watch      other arguments go to `inpaint complete`
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
cd "$inpaint_root"

model=() # none: the one that is used where none is named
complete_arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --no-model) model=(mini) ;;
    --model=*) model=("${1#*=}") ;;
    --model)
      [ $# -ge 2 ] || fail "--model" "it has no value" "name a model that \`inpaint models list\` names"
      model=("$2")
      shift
      ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) complete_arguments+=("$1") ;;
  esac
  shift
done
set -- "${model[@]/#/--model=}" "${complete_arguments[@]}"

packaging/setup.sh

stage "release build" 720
cmake --preset release >"$inpaint_cache/configure.log" 2>&1 || {
  tail -n 20 "$inpaint_cache/configure.log" >&2
  fail "cmake" "the release build could not be configured" "see the lines above"
}
cmake --build --preset release --target inpaint || fail "release build" \
  "a source did not compile" "see the lines above; a memory shortage is mended by: cmake --build --preset release -j1"

larger=qwen2.5-coder-0.5b
inpaint=build/release/bin/inpaint

# Whether the larger model is here and works, and so is the default. What went wrong is said; without it
# all goes on.
fetch_model() {
  if ! "$inpaint" models list | grep -qE "^[ *] $larger +yes "; then
    say "$larger: 491 MB, Apache-2.0, from its publisher (--no-model leaves it out)"
    if [ -t 0 ] && [ -t 1 ]; then
      local answer
      read -r -p "   fetch it? [Y/n] " answer || answer=n
      case "$answer" in [nN]*) return 1 ;; esac
    fi
    "$inpaint" models get "$larger" || "$inpaint" models get "$larger" --mirror || return 1
  fi
  "$inpaint" models check "$larger"
}

if [ ${#model[@]} -eq 0 ]; then
  stage "model" 300
  fetch_model || say "going on without it; mini, the small model that comes along, needs no file"
fi

stage "inpaint complete" 60
# The last `return` of a copy of the file, cut off right behind the word: the rest of that line is the
# hole. In the file itself the words that stand there would stay.
file=lsp/command/main.cpp
line="$(grep -n 'return ' "$file" | tail -n 1 | cut -d: -f1)"
column="$(sed -n "${line}p" "$file" | awk '{ print index($0, "return ") + 7 }')"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
sed "${line}s/return .*/return /" "$file" >"$copy/main.cpp"
say "the file says: $(sed -n "${line}s/^ *//p" "$file")"
say "$inpaint complete COPY/main.cpp:$line:$column $*"
"$inpaint" complete "$copy/main.cpp:$line:$column" "$@"

stage "drafts" 60
say "lines with drafts that the model verifies, and their time as a share of that of a token a forward"
"$inpaint" bench --no-busy --rows lossless "${model[@]/#/--model=}" >/dev/null

stage "inpaint serve" 60
say "what is suggested is marked; nothing on disk is changed"
packaging/try_server.py "$inpaint" "${model[@]}"
stage_table
