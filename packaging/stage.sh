# How the scripts of this folder report: stages with a time and a budget, failures with a remedy.
# Sourced, not run. Nothing here is specific to one script.

# Where downloads, LibTorch, grammars, tools and the compiler cache live; never in the tree.
inpaint_cache="${XDG_CACHE_HOME:-$HOME/.cache}/inpaint"
inpaint_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# The compiler cache of CMakeLists.txt, for `ccache --show-stats` and the like.
export CCACHE_DIR="$inpaint_cache/ccache"

stage_name=""
stage_budget=0
stage_start=0
stage_report=()

# stage NAME BUDGET_SECONDS: ends the stage before it and begins the next.
stage() {
  stage_end
  stage_name="$1"
  stage_budget="$2"
  stage_start=$SECONDS
  printf '\n== %s (budget %s)\n' "$stage_name" "$(minutes "$stage_budget")"
}

stage_end() {
  [ -n "$stage_name" ] || return 0
  local took=$((SECONDS - stage_start)) verdict="within"
  [ "$took" -le "$stage_budget" ] || verdict="OVER"
  stage_report+=("$(printf '%-28s %8s  %-6s budget %s' \
    "$stage_name" "$(minutes "$took")" "$verdict" "$(minutes "$stage_budget")")")
  printf '   %s: %s\n' "$stage_name" "$(minutes "$took")"
  stage_name=""
}

# Prints the time of every stage that has ended.
stage_table() {
  stage_end
  printf '\n'
  printf '   %s\n' "${stage_report[@]}"
}

minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

say() { printf '   %s\n' "$*"; }

# fail WHAT WHY REMEDY
fail() {
  printf '\n%s: %s: %s\n' "$1" "$2" "$3" >&2
  exit 1
}
