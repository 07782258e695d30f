#!/usr/bin/env bash
# Checks that every C++ source is formatted.
#
#   format.sh [--fix]   with --fix: formats them
set -euo pipefail
case "${1:-}" in
  '' | --fix) ;;
  -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "format.sh: unknown argument '$1': try --help" >&2; exit 2 ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
clang_format="${CLANG_FORMAT:-${XDG_CACHE_HOME:-$HOME/.cache}/inpaint/tools/bin/clang-format}"
if [ ! -x "$clang_format" ]; then
  echo "clang-format: not in $clang_format: run packaging/setup.sh" >&2
  exit 1
fi
mode=(--dry-run -Werror)
if [ "${1:-}" = --fix ]; then mode=(-i); fi
find grammar engine lsp tests \( -name '*.h' -o -name '*.cpp' -o -name '*.cu' -o -name '*.cuh' -o -name '*.inc' \) \
  -not -path 'tests/golden/*' -print0 | xargs -0 -n 50 -P 2 "$clang_format" "${mode[@]}"
