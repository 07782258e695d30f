#!/usr/bin/env bash
# Release build for a machine with a GPU and without network, against the torch that its Python has,
# with the parts that bundle.sh collected. Its budget is 4 minutes on 16 cores.
#
#   packaging/gpu/build.sh              the program, the engine and its tests, in build/gpu
#   packaging/gpu/build.sh --rehearse   configures in the same way and builds a small target only
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/place.sh"
take_rehearse "$@"
case "${arguments[0]:-}" in
  '') ;;
  -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "build.sh: unknown argument '${arguments[0]}': try --help" >&2; exit 2 ;;
esac

stage "unpack" 10
for part in prefix grammars; do
  archive="$gpu_bundle/$part.tar.xz"
  [ -f "$archive" ] || fail "$archive" "it is not there" "run packaging/gpu/bundle.sh before"
  if [ ! "$gpu_parts/$part/.done" -nt "$archive" ]; then
    rm -rf "${gpu_parts:?}/$part"
    mkdir -p "$gpu_parts/$part"
    # Python has xz even where tar finds none. Times are those of unpacking, not of packing.
    python3 - "$archive" "$gpu_parts/$part" <<'PYTHON'
import sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2])
PYTHON
    touch "$gpu_parts/$part/.done"
  fi
done

stage "configure" 20
torch="$(find_torch)"
say "torch: $torch"
generator=(-G Ninja)
command -v ninja >/dev/null || generator=()
cmake -S "$inpaint_root" -B "$gpu_build" "${generator[@]}" \
  -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_PREFIX_PATH="$gpu_parts/prefix" \
  -DCMAKE_PROJECT_INCLUDE="$inpaint_root/packaging/gpu/prefix.cmake" \
  -DINPAINT_TORCH_ROOT="$torch" \
  -DINPAINT_GRAMMARS_ROOT="$gpu_parts/grammars" \
  -DINPAINT_WARNINGS_AS_ERRORS=OFF -DINPAINT_TIDY=OFF >"$gpu_out/configure.log" 2>&1 || {
  tail -20 "$gpu_out/configure.log" >&2
  fail "cmake" "the build could not be configured" "see the lines above"
}
# Each library must be the bundle's or the system's own, not another Python package's.
grep -E '(fmt|CLI11|nlohmann_json|GTest|Boost)_DIR:|INPAINT_(PCRE2|ZSTD)' \
  "$gpu_build/CMakeCache.txt" | sed 's/^/   /'

stage "build" 210
targets=(inpaint tests_engine tests_core)
jobs="$(nproc)"
if [ -n "$rehearse" ]; then targets=(inpaint_engine_client) jobs=1; fi
cmake --build "$gpu_build" -j "$jobs" --target "${targets[@]}" >"$gpu_out/build.log" 2>&1 || {
  tail -30 "$gpu_out/build.log" >&2
  fail "build" "a target did not build" "see the lines above"
}
say "$(tail -1 "$gpu_out/build.log")"
if [ -z "$rehearse" ]; then
  "$gpu_build/bin/inpaint" --version
  [ -f "$torch/lib/libtorch_cuda.so" ] || fail "$torch" "this torch has no CUDA half" \
    "use a machine whose torch is built for CUDA 13.0"
fi
stage_table
