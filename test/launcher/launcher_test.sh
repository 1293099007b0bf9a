#!/usr/bin/env bash
# The launcher ./xchg, seen from outside. Prints one line a test, as tools/run_tests.py wants it.
set -uo pipefail

source_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# check NAME FUNCTION: one test; it passes if the function, run in a subshell with errors fatal, returns 0.
check() {
  local status=0
  (set -euo pipefail; "$2") >"$work/output" 2>&1 || status=$?
  if ((status == 0)); then
    echo "ok - $1"
  elif ((status == 77)); then
    echo "ok - $1 # skip $(tail -1 "$work/output")"
  else
    cat "$work/output"
    echo "not ok - $1"
  fi
}

# status_of EXPECTED COMMAND…: runs the command with its streams in files; fails unless it exits as expected.
status_of() {
  local expected=$1 status=0
  shift
  "$@" >"$work/stdout" 2>"$work/stderr" </dev/null || status=$?
  cat "$work/stdout" "$work/stderr"
  ((status == expected)) || { echo "exit status $status; expected $expected: $*"; return 1; }
}

through_a_link() {
  mkdir -p "$work/elsewhere/deep"
  ln -s "$source_folder/xchg" "$work/elsewhere/first"
  ln -s ../first "$work/elsewhere/deep/second"
  cd "$work/elsewhere"
  status_of 0 deep/second --version
  [[ $(cat "$work/stdout") =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
}

usage_errors() {
  status_of 2 "$source_folder/xchg" test --slow
  [[ $(cat "$work/stderr") == "xchg: error: unknown option '--slow' (see './xchg test --help')" ]]
  status_of 2 "$source_folder/xchg" test --fuzz soon
  status_of 2 "$source_folder/xchg" test --quick --long
  status_of 2 "$source_folder/xchg" bench --fast
  status_of 2 "$source_folder/xchg" bench no_such_engine
  status_of 2 "$source_folder/xchg" install
  status_of 2 "$source_folder/xchg" install --prefix
  status_of 2 "$source_folder/xchg" --no-such-option
}

help_texts() {
  local verb
  for verb in test bench install; do
    status_of 0 "$source_folder/xchg" "$verb" --help
    [[ $(head -1 "$work/stdout") == "Usage: ./xchg $verb "* && ! -s $work/stderr ]]
    status_of 0 "$source_folder/xchg" --help
    grep -q "^  $verb " "$work/stdout"
  done
}

check "a start through two links from another folder runs the program" through_a_link
check "wrong usage is one line and exit status 2" usage_errors
check "test, bench and install explain themselves and stand in the program's help" help_texts
