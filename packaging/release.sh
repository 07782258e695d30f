#!/usr/bin/env bash
# Makes what users install: an archive that runs wherever it is unpacked, a .deb and a .vsix of the same
# files, and SHA256SUMS. The same commit gives the same archive from the same built program.
#
#   packaging/release.sh [--build FOLDER] [OUT]   into build/release-files, of a build that it makes first
#
# With --build of a release build that is there. packaging/release_check.sh tries the archive elsewhere.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
source "$inpaint_root/packaging/roots.sh"

build=""
out="$inpaint_root/build/release-files"
while [ $# -gt 0 ]; do
  case "$1" in
    --build) build="$(realpath "${2:?--build names a folder}")"; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "release.sh: unknown argument '$1': try --help" >&2; exit 2 ;;
    *) out="$(realpath -m "$1")" ;;
  esac
  shift
done
cd "$inpaint_root"

# The oldest glibc that is promised, and the suite whose C++ library needs no newer one: Debian 12's needs
# its own 2.36. It is of the same GCC 12 that the program is compiled with.
glibc=2.35
libstdcxx_suite=jammy

version="$(sed -n 's/^project(inpaint VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)"
name="inpaint-$version-linux-x86_64"
export SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"  # dpkg-deb and vsce read it too
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
rm -f "$out"/inpaint[-_]* "$out/SHA256SUMS"

if [ -z "$build" ]; then
  stage "release build" 720
  build="$inpaint_root/build/release"
  { cmake --preset release && cmake --build --preset release; } >"$work/log" 2>&1 || {
    tail -n 20 "$work/log" >&2
    fail "release build" "it could not be made" "see the lines above; packaging/setup.sh brings what it needs"
  }
fi

stage "files" 120
tree="$work/inpaint"
cmake --install "$build" --strip --prefix "$tree" >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  fail "cmake --install" "it failed" "see the lines above"
}
cxx="$(root_of "$libstdcxx_suite" libstdc++6)"
mkdir "$work/cxx"
tar xf "$cxx" -C "$work/cxx"
cp -L "$work"/cxx/usr/lib/x86_64-linux-gnu/libstdc++.so.6 "$work"/cxx/lib/x86_64-linux-gnu/libgcc_s.so.1 "$tree/lib/"
strip --strip-unneeded "$tree"/lib/lib{torch_cpu,c10}.so  # a fifth of it; NVIDIA's stay as they came
chmod -R u=rwX,go=rX "$tree"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
packaging/check_tree.py "$tree" --glibc "$glibc" || fail "$name" "it would not run elsewhere" \
  "see the lines above"

stage "archive" 240
tar c -C "$work" --sort=name --owner=0 --group=0 --numeric-owner inpaint |
  xz -6 --threads=0 >"$out/$name.tar.xz"

stage ".deb" 240
# In a folder of its own: beside a system's libraries, those of the same names would be taken for them.
deb="$work/deb"
mkdir -p "$deb"/{DEBIAN,usr/{bin,lib,share/doc}}
ln -s ../lib/inpaint/bin/inpaint "$deb/usr/bin/inpaint"
ln -s ../../lib/inpaint/share/doc/inpaint "$deb/usr/share/doc/inpaint"
cp -al "$tree" "$deb/usr/lib/inpaint"
cat >"$deb/DEBIAN/control" <<CONTROL
Package: inpaint
Version: $version
Architecture: amd64
Maintainer: the Inpaint authors <inpaint@localhost>
Section: editors
Priority: optional
Depends: libc6 (>= $glibc)
Recommends: ca-certificates, libcurl4t64 | libcurl4
Installed-Size: $(du -sk --apparent-size "$deb/usr" | cut -f1)
Description: language server that completes code by diffusion
 Fills the span around the cursor between the text on both sides, on this machine, offline.
CONTROL
dpkg-deb --root-owner-group -Zxz -z6 --build "$deb" "$out/inpaint_${version}_amd64.deb" >"$work/log"

stage ".vsix" 180
# Only what git knows of the extension, with the locked packages that its test uses.
modules="$inpaint_cache/editors/vscode/node_modules"
[ -d "$modules" ] || fail ".vsix" "$modules is not there" "run packaging/setup_editors.sh"
git archive HEAD editors/vscode LICENSE | tar x -C "$work"
ln -s "$modules" "$work/editors/vscode/node_modules"
cp -al "$tree" "$work/editors/vscode/server"
(cd "$work/editors/vscode" && npm run package -- --target linux-x64) >"$work/log" 2>&1 || {
  tail -n 20 "$work/log" >&2
  fail ".vsix" "it could not be packed" "see the lines above"
}
mv "$work/editors/vscode/inpaint.vsix" "$out/$name.vsix"

(cd "$out" && sha256sum inpaint* >SHA256SUMS && ls -l --block-size=1 inpaint* | awk '{ print "   " $9, $5 }')
stage_table
