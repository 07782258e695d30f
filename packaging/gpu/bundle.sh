#!/usr/bin/env bash
# Collects what a build needs on a machine without network: header-only libraries, three small
# shared libraries, GoogleTest, the grammars' sources, weights to go on from and training shards.
# Run it where packaging/setup.sh has been run; the folder build/gpu-bundle (not in git) then travels with
# the source tree.
#
#   packaging/gpu/bundle.sh                       the parts alone (about 5 MiB)
#   packaging/gpu/bundle.sh --weights MODEL       and a model folder to go on from
#   packaging/gpu/bundle.sh --run RUN --size 9m   and the newest weights of a training run, in bf16
#   packaging/gpu/bundle.sh --shards FOLDER --shards-mib 40 --skip 0
#                                                 and shards, in their order, after the first --skip
#   packaging/gpu/bundle.sh --only-shards ...     the shards anew, the rest as it is
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../stage.sh"

bundle="$inpaint_root/build/gpu-bundle"
weights="" run="" size="" shards="" shards_mib=40 skip=0 only_shards="" binary="$inpaint_root/build/dev/bin/inpaint"
while [ $# -gt 0 ]; do
  case "$1" in
    --weights) weights="$2"; shift ;;
    --run) run="$2"; shift ;;
    --size) size="$2"; shift ;;
    --shards) shards="$2"; shift ;;
    --shards-mib) shards_mib="$2"; shift ;;
    --skip) skip="$2"; shift ;;
    --only-shards) only_shards=yes ;;
    --binary) binary="$2"; shift ;;
    --to) bundle="$2"; shift ;;
    -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "bundle.sh: unknown argument '$1': try --help" >&2; exit 2 ;;
  esac
  shift
done
mkdir -p "$bundle"

# Packages as Debian lays them out below /usr, so that CMake finds them below a prefix.
packages=(libfmt-dev libfmt9 nlohmann-json3-dev libcli11-dev libpcre2-dev libpcre2-8-0 libzstd-dev
  libzstd1 libgtest-dev libgmock-dev)

pack_prefix() {
  local scratch list
  scratch="$(mktemp -d)"
  list="$scratch/files"
  for package in "${packages[@]}"; do
    dpkg -L "$package" 2>/dev/null || fail "$package" "it is not installed" "run packaging/setup.sh"
  done | sort -u | grep -E '/(include|lib|cmake|pkgconfig)/' |
    grep -vE 'lib(pcre2-(16|32|posix)|zstd|fmt)\.?.*\.a$|libpcre2-8\.a$' |
    while read -r file; do [ -d "$file" ] || printf '%s\n' "${file#/}"; done >"$list"
  # Older entries of dpkg say /lib for what now lies in /usr/lib.
  sed -i 's#^lib/#usr/lib/#' "$list"
  boost_headers >>"$list"
  sort -u -o "$list" "$list"
  tar -C / -c -J --ignore-failed-read -f "$bundle/prefix.tar.xz" -T "$list" --transform 's#^usr/##' \
    2>"$scratch/log" || { tail -5 "$scratch/log" >&2; fail "prefix.tar.xz" "tar failed" "see above"; }
  rm -rf "$scratch"
}

# Boost is large and header-only: what our sources reach, and no more.
boost_headers() {
  local includes
  includes="$(grep -rhoE '^#include <boost/[^>]+>' "$inpaint_root"/{engine,lsp,tests} 2>/dev/null | sort -u || true)"
  printf '%s\n#include <boost/version.hpp>\n' "$includes" |
    g++ -std=c++20 -M -x c++ - 2>/dev/null | tr -s ' \\\n' '\n' |
    grep -E '^/usr/include/boost/' | sed 's#^/##'
  dpkg -L libboost1.81-dev | grep -E '/cmake/(Boost-|boost_headers-|BoostDetect)' |
    while read -r file; do [ -d "$file" ] || printf '%s\n' "${file#/}"; done
}

pack_grammars() {
  local from="$inpaint_cache/grammars/node_modules"
  [ -d "$from" ] || fail "grammars" "they are not in $from" "run packaging/setup.sh"
  (cd "$from" && find . \( -path './tree-sitter/vendor/tree-sitter/lib/*' -o -path '*/src/*' \
    -o -path '*/common/*' \) -a \( -name '*.c' -o -name '*.h' \) ! -path './tree-sitter/src/*' \
    ! -path './node-*' | sort >"$bundle/.list" && tar -c -J -f "$bundle/grammars.tar.xz" -T "$bundle/.list")
  rm -f "$bundle/.list"
}

# Exact training state is too large to travel: weights in bf16 are what goes along. The trainer
# writes them, by resuming a copy of the run that has no step left to do.
export_weights() {
  [ -x "$binary" ] || fail "$binary" "it is not built" "cmake --build --preset dev --target inpaint"
  [ -f "$run/checkpoint.safetensors" ] || fail "$run" "it has no checkpoint.safetensors" \
    "name the --out folder of inpaint train"
  [ -n "$size" ] || fail "--size" "the size of the run's model is needed" "for example --size 9m"
  local scratch
  scratch="$(mktemp -d)"
  cp "$run/checkpoint.safetensors" "$scratch/"
  nice "$binary" train --resume --steps 1 --out "$scratch" --size "$size" --threads 1 \
    --data "$inpaint_root/engine/prompt" --tokenizer "$run/model/tokenizer.json" \
    --format bf16 >"$scratch/log" 2>&1 || {
    tail -5 "$scratch/log" >&2
    fail "weights" "the trainer could not write them" "see the lines above"
  }
  rm -rf "$bundle/weights"
  mv "$scratch/model" "$bundle/weights"
  rm -rf "$scratch"
}

if [ -z "$only_shards" ]; then
  say "libraries"
  pack_prefix
  say "grammars"
  pack_grammars
  if [ -n "$run" ]; then say "weights of $run"; export_weights; fi
  if [ -n "$weights" ]; then
    [ -f "$weights/config.json" ] || fail "$weights" "no config.json in it" "name a model folder"
    rm -rf "$bundle/weights"
    mkdir -p "$bundle/weights"
    cp "$weights"/{config.json,tokenizer.json,model.safetensors} "$bundle/weights/"
  fi
fi

if [ -n "$shards" ]; then
  rm -rf "$bundle/shards"
  mkdir -p "$bundle/shards"
  [ -f "$shards/valid.shard" ] && cp "$shards/valid.shard" "$bundle/shards/"
  room=$((shards_mib * 1024 * 1024)) passed=0
  for shard in "$shards"/train-*.shard; do
    [ -f "$shard" ] || fail "$shards" "no train-*.shard in it" "inpaint shards pack makes them"
    passed=$((passed + 1))
    [ "$passed" -gt "$skip" ] || continue
    bytes="$(stat -c %s "$shard")"
    [ "$bytes" -le "$room" ] || break
    room=$((room - bytes))
    cp "$shard" "$bundle/shards/"
  done
  say "shards: $(cd "$bundle/shards" && echo *.shard)"
fi

kib="$(du -sk "$bundle" --exclude=shards | cut -f1)"
say "$bundle: $((kib / 1024)) MiB without shards, $(($(du -sk "$bundle" | cut -f1) / 1024)) MiB with them"
[ "$kib" -le $((60 * 1024)) ] || fail "$bundle" "it is larger than 60 MiB without shards" \
  "take smaller weights"
