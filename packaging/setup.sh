#!/usr/bin/env bash
# Brings everything that Inpaint is built from to a bare Debian 12: distribution packages, LibTorch,
# grammars, clang-format and clang-tidy. What is there already is left alone, so that running it
# again takes a second. Needs root or sudo for the distribution packages only.
#
#   packaging/setup.sh          what a machine without a GPU needs
#   packaging/setup.sh --cuda   torch's CUDA half as well (packaging/gpu builds with it)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"

cuda=""
for argument in "$@"; do
  case "$argument" in
    --cuda) cuda="--cuda" ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "setup.sh: unknown argument '$argument': try --help" >&2; exit 2 ;;
  esac
done

packaging="$inpaint_root/packaging"
downloads="$inpaint_cache/downloads"
torch="$inpaint_cache/torch-2.11.0"
grammars="$inpaint_cache/grammars"
tools="$inpaint_cache/tools"

# stamped FOLDER STAMP: was FOLDER completed from exactly these inputs?
stamped() { [ "$(cat "$1/.inpaint-stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s' "$2" >"$1/.inpaint-stamp"; }
hash_of() { cat "$@" | sha256sum | cut -c1-64; }

if [ "$(uname -m)" != "x86_64" ]; then
  fail "set-up" "this machine is $(uname -m), the pinned LibTorch is for x86_64" \
    "use an x86_64 machine"
fi
mkdir -p "$downloads" || fail "set-up" "$inpaint_cache cannot be written" \
  "set XDG_CACHE_HOME to a folder that can"
exec 9>"$inpaint_cache/.setup.lock"
flock 9  # two set-ups at once would trip over each other's files

stage "set-up: packages" 90
missing=()
while IFS='|' read -r package instead; do
  package="${package//[[:space:]]/}"
  case "$package" in '' | '#'*) continue ;; esac
  if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ]; then continue; fi
  if [ -n "$instead" ] && bash -c "$instead" >/dev/null 2>&1; then continue; fi
  missing+=("$package")
done <"$packaging/packages.txt"
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "distribution packages" \
      "${missing[*]} are not installed, and there is neither root nor sudo to install them with" \
      "ask an administrator to run: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  log="$inpaint_cache/apt.log"
  if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "distribution packages" "apt-get could not install ${missing[*]} (log: $log)" \
      "check the network and the package sources of Debian 12, then run packaging/setup.sh again"
  fi
else
  say "all there"
fi
gcc_major="$(g++ -dumpversion | cut -d. -f1)"
[ "$gcc_major" -ge 12 ] || fail "compiler" "g++ is version $gcc_major" \
  "install g++ 12 or newer (Debian 12 has it) and put it first in PATH"

free_kib() { df -Pk "$inpaint_cache" | awk 'NR == 2 { print $4 }'; }
need_space() {
  [ "$(free_kib)" -ge "$1" ] || fail "$inpaint_cache" \
    "only $(($(free_kib) / 1024)) MiB are free, $(($1 / 1024)) are needed" \
    "free some space or set XDG_CACHE_HOME to another disk"
}

stage "set-up: tools" 30
if stamped "$tools" "$(hash_of "$packaging/requirements-tools.txt")"; then
  say "clang-format and clang-tidy: all there"
else
  rm -rf "$tools"
  python3 -m venv "$tools" || fail "python3 -m venv" "it could not make $tools" \
    "install the distribution package python3-venv"
  "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes -r "$packaging/requirements-tools.txt" || fail "clang-format, clang-tidy" \
    "pip could not fetch them or their hash differs" \
    "check the network and pip's settings, then run packaging/setup.sh again"
  stamp "$tools" "$(hash_of "$packaging/requirements-tools.txt")"
  say "$("$tools/bin/clang-format" --version)"
fi

stage "set-up: LibTorch" 150
torch_stamp="$(hash_of "$packaging/requirements-torch.txt" "$packaging/extract_libtorch.py")"
if stamped "$torch" "$torch_stamp$cuda" || stamped "$torch" "$torch_stamp--cuda"; then
  say "all there: $torch"
else
  need_space $((3 * 1024 * 1024))
  say "fetching the wheel (530 MB, unless $downloads has it)"
  "$tools/bin/pip" download --quiet --disable-pip-version-check --progress-bar off --no-deps \
    --only-binary :all: --python-version 311 --implementation cp --abi cp311 --abi none \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
    --require-hashes -d "$downloads" -r "$packaging/requirements-torch.txt" || fail "LibTorch" \
    "pip could not fetch the wheels, or the hash of one differs from requirements-torch.txt" \
    "check the network and pip's settings; remove damaged files from $downloads"
  # Built beside its place and moved there whole: an interrupted set-up leaves no half LibTorch.
  rm -rf "$torch.new"
  mkdir -p "$torch.new"
  python3 "$packaging/extract_libtorch.py" $cuda "$torch.new" "$downloads"/torch-2.11.0-*.whl \
    "$downloads"/nvidia_cuda_runtime-13.0.96-*.whl "$downloads"/nvidia_cuda_cupti-13.0.85-*.whl ||
    fail "LibTorch" "the wheels could not be unpacked" "remove $downloads and run this again"
  stamp "$torch.new" "$torch_stamp$cuda"
  rm -rf "$torch.old"
  if [ -e "$torch" ]; then mv "$torch" "$torch.old"; fi
  mv "$torch.new" "$torch"
  rm -rf "$torch.old"
  say "in $torch ($(du -sh "$torch" | cut -f1))"
fi

stage "set-up: grammars" 60
grammar_inputs=("$packaging"/grammars/{package.json,package-lock.json,.npmrc})
if stamped "$grammars" "$(hash_of "${grammar_inputs[@]}")"; then
  say "all there: $grammars"
else
  need_space $((512 * 1024))
  mkdir -p "$grammars"
  rm -f "$grammars/.inpaint-stamp"
  cp "${grammar_inputs[@]}" "$grammars/"
  log="$inpaint_cache/npm.log"
  if ! (cd "$grammars" && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund) \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    fail "grammars" "npm ci failed (log: $log)" \
      "check the network and npm's settings, then run packaging/setup.sh again"
  fi
  stamp "$grammars" "$(hash_of "${grammar_inputs[@]}")"
  say "in $grammars"
fi

stage_table
