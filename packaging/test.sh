#!/usr/bin/env bash
# Set-up, build and every test. The sanitizers come first and the main suite last, so that the last
# words are ctest's own summary.
#
#   packaging/test.sh           everything: about an hour on two cores the first time
#   packaging/test.sh --quick   without the sanitizers and without the tests labelled slow or models
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
cd "$inpaint_root"

quick=""
for argument in "$@"; do
  case "$argument" in
    --quick) quick=yes ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: unknown argument '$argument': try --help" >&2; exit 2 ;;
  esac
done

# build PRESET
build() {
  local log="$inpaint_cache/configure-$1.log"
  cmake --preset "$1" >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "cmake --preset $1" "the build could not be configured" "see the lines above"
  }
  cmake --build --preset "$1" || fail "cmake --build --preset $1" "a target did not build" \
    "see the lines above; a memory shortage is mended by adding -j1"
}

stage "set-up" 420
packaging/setup.sh
if [ -z "$quick" ]; then
  packaging/setup_editors.sh
  export INPAINT_EDITORS=required  # a missing editor is then a failure, not a skipped test
fi

if [ -z "$quick" ]; then
  for sanitizer in asan tsan; do  # budgets without a compiler cache; with one, a quarter of them
    stage "$sanitizer: build and tests" 1200
    build "$sanitizer"
    ctest --preset "$sanitizer" || fail "$sanitizer" "tests failed under the sanitizer" \
      "run one alone with: ctest --preset $sanitizer -R NAME"
  done
fi

stage "dev build" 1200
build dev
stage_table

printf '\n== tests (budget %s)\n' "$(minutes 900)"
exec ctest --preset "$([ -n "$quick" ] && echo fast || echo dev)"
