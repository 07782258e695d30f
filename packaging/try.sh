#!/usr/bin/env bash
# Set-up, a release build, and the main job on real files: fills the rest of a line of Inpaint's own
# main.cpp, then starts the language server and types into copies of files as an editor does
# (try_server.py). Arguments go to `inpaint complete`, e.g. packaging/try.sh --watch
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
cd "$inpaint_root"

packaging/setup.sh

stage "release build" 720
cmake --preset release >"$inpaint_cache/configure.log" 2>&1 || {
  tail -n 20 "$inpaint_cache/configure.log" >&2
  fail "cmake" "the release build could not be configured" "see the lines above"
}
cmake --build --preset release --target inpaint || fail "release build" \
  "a source did not compile" "see the lines above; a memory shortage is mended by: cmake --build --preset release -j1"

stage "inpaint complete" 30
# The last `return` of a copy of the file, cut off right behind the word: the rest of that line is the
# hole. In the file itself the words that stand there would stay.
file=lsp/command/main.cpp
line="$(grep -n 'return ' "$file" | tail -n 1 | cut -d: -f1)"
column="$(sed -n "${line}p" "$file" | awk '{ print index($0, "return ") + 7 }')"
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
sed "${line}s/return .*/return /" "$file" >"$copy/main.cpp"
say "the file says: $(sed -n "${line}s/^ *//p" "$file")"
say "build/release/bin/inpaint complete COPY/main.cpp:$line:$column $*"
build/release/bin/inpaint complete "$copy/main.cpp:$line:$column" "$@"

stage "inpaint serve" 60
say "what is suggested is marked; nothing on disk is changed"
packaging/try_server.py build/release/bin/inpaint
stage_table
