# Roots of other distributions, by the names of their suites; mmdebstrap knows where each is had.
# Sourced after stage.sh, not run. What was fetched stays in the cache.

roots="$inpaint_cache/roots"
ubuntu_suites=" jammy noble "  # all others are Debian's

# bootstrap LOG ARGUMENTS...: a second try, because an archive that is being renewed fails the first.
bootstrap() {
  local log="$1" try
  shift
  command -v mmdebstrap >/dev/null || fail "mmdebstrap" "it is not installed" "run packaging/setup.sh"
  for try in 1 2; do
    mmdebstrap --aptopt='Acquire::Retries "3"' "$@" >"$log" 2>&1 && return
  done
  tail -n 15 "$log" >&2
  fail "mmdebstrap" "it could not make a root (log: $log)" "check the network, then run this again"
}

# root_of SUITE [PACKAGE]: prints the file, a tar of the smallest root there is, or of the files of a
# package and of what it depends on, nothing of which was run.
root_of() {
  local suite="$1" file="$roots/$1${2:+-$2}.tar" keys=() kind=(--variant=essential)
  if [ ! -e "$file" ]; then
    mkdir -p "$roots"
    if [[ "$ubuntu_suites" == *" $suite "* ]]; then
      # Debian signs the package that holds Ubuntu's keys, of which Debian 12 itself has none. apt reads
      # them as a user of its own, who may not look into the cache.
      local keyring="$roots/ubuntu-keyring.tar" key=ubuntu-archive-keyring.gpg
      [ -e "$keyring" ] || bootstrap "$keyring.log" --mode=chrootless --variant=extract \
        --include=ubuntu-keyring trixie "$keyring"
      keys=(--keyring="$(mktemp --suffix="-$key")")
      tar xf "$keyring" -O "./usr/share/keyrings/$key" >"${keys[0]#*=}"
      chmod a+r "${keys[0]#*=}"
    fi
    [ -z "${2:-}" ] || kind=(--mode=chrootless --variant=extract --include="$2")
    bootstrap "$file.log" "${kind[@]}" "${keys[@]}" "$suite" "$file.new.tar"
    mv "$file.new.tar" "$file"
    rm -f "${keys[@]#*=}"
  fi
  printf '%s' "$file"
}
