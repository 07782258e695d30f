#!/usr/bin/env bash
# Tries a release in the smallest roots of other distributions, in which nothing is installed: the archive
# is unpacked in a folder with a space in its name, and the program completes there, as root and as a user,
# also where LD_LIBRARY_PATH names files that are no libraries. Needs root, and the network once.
#
#   packaging/release_check.sh ARCHIVE [SUITE...]   (else bookworm trixie jammy noble)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"
source "$inpaint_root/packaging/roots.sh"

case "${1:---help}" in
  -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  -*) echo "release_check.sh: unknown argument '$1': try --help" >&2; exit 2 ;;
esac
archive="$(realpath "$1")"
shift
[ $# -gt 0 ] || set -- bookworm trixie jammy noble
[ "$(id -u)" = 0 ] || fail "release_check.sh" "only root may change into another root" "run it with sudo"
[ -f "$archive" ] || fail "$archive" "it is not there" "run packaging/release.sh"

# What is mounted goes when the script ends, however it does.
[ -n "${INPAINT_MOUNTS_APART:-}" ] || INPAINT_MOUNTS_APART=yes exec unshare --mount "$0" "$archive" "$@"

work="$(mktemp -d)"
trap 'rm -rf --one-file-system "$work"' EXIT
home="/srv/some body"
failures=0

# enter FILE USER [VARIABLE=VALUE]: writes a program that is Inpaint's in the root of this suite.
enter() {
  printf '#!/bin/sh\nexec chroot --userspec=%s %s env -i PATH=/usr/bin:/bin HOME="%s" %s "%s" "$@"\n' \
    "$2" "$root" "$home" "${3:-}" "$program" >"$1"
  chmod +x "$1"
}

# try WHAT EXPECTED COMMAND...: whether it ends well and says something that matches.
try() {
  local what="$1" expected="$2" log="$work/log" verdict=ok
  shift 2
  if ! timeout 300 "$@" >"$log" 2>&1 || ! grep -qE "$expected" "$log"; then
    verdict=FAILED failures=$((failures + 1))
    tail -n 15 "$log" >&2
  fi
  table+=("$(printf '%-10s %-8s %-44s %s' "$suite" "$glibc" "$what" "$verdict")")
}

table=("$(printf '%-10s %-8s %-44s %s' suite glibc what result)")
for suite in "$@"; do
  stage "$suite" 240
  file="$(root_of "$suite")"
  root="$work/$suite"
  mkdir -p "$root"
  tar xf "$file" -C "$root"
  mount -t proc proc "$root/proc"
  mkdir -p "$root$home" "$root/foreign"
  tar xf "$archive" -C "$root$home"
  program="$home/inpaint/bin/inpaint"
  for library in "$root$home"/inpaint/lib/*; do : >"$root/foreign/${library##*/}"; done
  printf 'import math\n\n\ndef area(radius):\n    return \n' >"$root$home/circle.py"
  chown -R 1000:1000 "$root$home"
  glibc="$(chroot "$root" ldd --version | sed -n '1s/.* //p')"

  enter "$work/as_root" 0:0
  enter "$work/as_user" 1000:1000
  enter "$work/with_foreign" 1000:1000 LD_LIBRARY_PATH=/foreign
  try "inpaint --version, as root" '^inpaint [0-9]' "$work/as_root" --version
  try "inpaint doctor, as root" mini "$work/as_root" doctor
  try "inpaint doctor, as a user" mini "$work/as_user" doctor
  for who in as_root as_user with_foreign; do
    try "inpaint complete, ${who//_/ }" 'return.*\[\[.+\]\]' "$work/$who" complete "$home/circle.py:5:12" --model mini
  done
  try "inpaint serve, with foreign libraries" . packaging/try_server.py "$work/with_foreign" mini
  try "inpaint models get, which misses libcurl" ': install libcurl' \
    sh -c '! "$0" models get qwen2.5-coder-0.5b' "$work/as_user"
  umount "$root/proc"
  rm -rf --one-file-system "$root"
done
stage_end

printf '\n'
printf '   %s\n' "${table[@]}"
[ "$failures" = 0 ] || fail "$archive" "$failures of the above failed" "their last lines stand above"
