#!/usr/bin/env bash
# The launcher ./xchg, seen from outside. Prints one line a test, as tools/run_tests.py wants it.
set -uo pipefail

source_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# check NAME FUNCTION: one test; it passes if the function, run in a subshell with errors fatal, returns 0.
check() {
  local status
  (set -euo pipefail; "$2") >"$work/output" 2>&1  # no condition around it: that would switch set -e off
  status=$?
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


launch_is_not_here_yet() {
  [[ ! -e $source_folder/src/xchg/train ]] || { echo "the training engine is here"; exit 77; }
  status_of 2 "$source_folder/xchg" launch -n 2
  [[ $(cat "$work/stderr") == 'xchg: error: '*'training engine'* && ! -s $work/stdout ]]
}

# The fastest of ten, so that a busy machine does not fail it.
nothing_to_do_is_quick() {
  local best=999999 start microseconds
  for _ in {1..10}; do
    start=${EPOCHREALTIME/[.,]/}
    "$source_folder/xchg" --version >/dev/null 2>&1
    microseconds=$((${EPOCHREALTIME/[.,]/} - start))
    ((microseconds >= best)) || best=$microseconds
  done
  echo "$best µs"
  ((best < 300000))
}

# --- in a copy of the source folder, below a path with blanks -----------------------------------------------------------

copy="$work/a folder/with blanks/xchg copy"
program_source="$copy/src/xchg/cli/main.cpp"

# change_source: something that must be compiled again and is in no cache.
change_source() {
  printf '\nstatic_assert(sizeof("%s") > 0);\n' "$RANDOM $EPOCHREALTIME" >>"$program_source"
}

# start_building: a start that has to build, in its own process group; returns when it does.
start_building() {
  change_source
  env --default-signal=INT,TERM setsid "$copy/xchg" --version >"$work/stdout" 2>"$work/stderr" </dev/null &
  started=$!
  until grep -q '^xchg: building' "$work/stderr"; do
    kill -0 "$started" || { cat "$work/stderr"; return 1; }
    sleep 0.05
  done
}

interrupted_with_130() {
  local status=0
  wait "$started" || status=$?
  cat "$work/stderr"
  [[ $status == 130 && ! -s $work/stdout ]]
  [[ $(tail -1 "$work/stderr") == "xchg: interrupted; the next start goes on from here" ]]
  if kill -0 -- "-$started" 2>/dev/null; then echo "something of it is still running"; return 1; fi
}

works_again() {
  status_of 0 "$copy/xchg" --version
  status_of 0 "$copy/xchg" --version
  [[ ! -s $work/stderr ]] || { echo "the second start built again"; return 1; }
}

copy_builds() {
  mkdir -p "$copy"
  tar -C "$source_folder" --exclude=./build --exclude=./.git --exclude=node_modules -cf - . | tar -C "$copy" -xf -
  printf 'x,y\n0,0\n0,1\n9,9\n9,8\n' >"$work/a folder/points.csv"
  cd "$work/a folder"
  status_of 0 "with blanks/xchg copy/xchg" kmedoids cluster points.csv -k 2 --json
  grep -q '"total_deviation": *2' "$work/stdout"
  [[ $(head -1 "$work/stderr") == 'xchg: configuring release' ]]
  grep -q '^\[1/' "$copy/build/xchg.log"
}

standard_input_reaches_the_program() {
  "$copy/xchg" kmedoids cluster - -k 2 --json <"$work/a folder/points.csv" >"$work/stdout"
  grep -q '"total_deviation": *2' "$work/stdout"
}

two_at_once() {
  local first
  change_source
  "$copy/xchg" --version >"$work/first" 2>&1 &
  first=$!
  status_of 0 "$copy/xchg" --version
  wait "$first"
  cat "$work/first"
  [[ $(cat "$work/stdout") == "$(tail -1 "$work/first")" ]]
  [[ $(cat "$work/stderr" "$work/first" | grep -c '^xchg: building') == 1 ]]
}

interrupted_from_the_terminal() {
  start_building
  kill -INT -- "-$started"
  interrupted_with_130
  works_again
}

terminated() {
  start_building
  kill -TERM "$started"
  interrupted_with_130
  works_again
}

interrupted_configuring() {
  rm "$copy/build/release/build.ninja" "$copy/build/release/configured"
  works_again
}

new_source_with_an_error() {
  echo 'int broken(' >"$copy/src/xchg/core/broken.cpp"
  status_of 1 "$copy/xchg" --version
  grep -q 'broken.cpp:1' "$work/stderr"
  [[ $(tail -1 "$work/stderr") == "xchg: error: building failed; the whole output is in $copy/build/xchg.log" ]]
  [[ ! -s $work/stdout ]]
  rm "$copy/src/xchg/core/broken.cpp"
  works_again
}

moved_folder() {
  mv "$copy" "$work/moved"
  copy=$work/moved
  status_of 0 "$copy/xchg" --version
  mv "$work/moved" "$work/a folder/with blanks/xchg copy"
}

heavy_room() {
  local room=$copy/src/xchg/zeppelin
  mkdir "$room"
  echo 'bash' >"$room/debian-packages"
  printf 'xchg_room(zeppelin\n  SUMMARY "a room that is only built when called"\n  USES core\n  HEAVY)\n' >"$room/CMakeLists.txt"
  printf '%s\n' '#include "xchg/core/command/command.hpp"' 'namespace xchg::zeppelin {' \
    'void add_commands(CLI::App& app, command::Session&) { app.add_subcommand("fly", "Leave the ground"); }' '}' \
    >"$room/command.cpp"
  status_of 0 "$copy/xchg" --help
  grep -q 'zeppelin.*a room that is only built when called' "$work/stdout"
  if grep -q zeppelin/command.cpp "$copy/build/release/build.ninja"; then return 1; fi
  status_of 0 "$copy/xchg" zeppelin --help
  grep -q 'Leave the ground' "$work/stdout"
  status_of 0 "$copy/xchg" --version
  [[ ! -s $work/stderr ]] || { echo "the wanted room was forgotten"; return 1; }
}

# as_nobody COMMAND…: as a user without rights, with an environment of their own.
as_nobody() {
  [[ $EUID == 0 ]] || { echo "needs root, to become another user"; exit 77; }
  setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH="$PATH" HOME=/nonexistent "$@"
}

user_who_may_not_write() {
  chmod 755 "$work"
  status_of 0 as_nobody "$copy/xchg" --version
  change_source
  status_of 1 as_nobody "$copy/xchg" --version
  [[ $(tail -1 "$work/stderr") == 'xchg: error: the build folder '*' cannot be written by '* ]]
  status_of 1 as_nobody "$copy/xchg" test
  works_again
}

user_who_may_not_install() {
  local theirs=$work/theirs
  [[ $EUID == 0 ]] || { echo "needs root, to become another user"; exit 77; }
  mkdir "$theirs"
  tar -C "$copy" --exclude=./build -cf - . | tar -C "$theirs" -xf -
  printf 'xchg-no-such-package\nxchg-no-other-package # why\ncommand:xchg-no-such-command xchg-third\ncommand:bash xchg-fourth\n' \
    >>"$theirs/tools/debian-packages"
  chown -R 65534:65534 "$theirs"
  chmod 755 "$work"
  status_of 1 as_nobody "$theirs/xchg" kmedoids --help
  [[ $(tail -1 "$work/stderr") == \
    'apt-get update && apt-get install -y --no-install-recommends xchg-third xchg-no-such-package xchg-no-other-package' ]]
  [[ ! -s $work/stdout ]]
}

check "a start through two links from another folder runs the program" through_a_link
check "wrong usage is one line and exit status 2" usage_errors
check "test, bench and install explain themselves and stand in the program's help" help_texts
check "launch says that it comes with the training engine" launch_is_not_here_yet
check "a start with nothing to do takes less than 0.3 s" nothing_to_do_is_quick
check "a new copy below a path with blanks builds, and finds input relative to the caller's folder" copy_builds
check "standard input reaches the program" standard_input_reaches_the_program
check "of two starts at once one builds and both run" two_at_once
check "Ctrl-C while building ends with 130, and the next start goes on" interrupted_from_the_terminal
check "SIGTERM to the launcher alone ends the build with 130, and the next start goes on" terminated
check "a start after an interrupted configuration configures again" interrupted_configuring
check "a new source file is noticed; its error is shown with the place of the log, exit status 1" new_source_with_an_error
check "a heavy room is built when it is called, and stays" heavy_room
check "a user who may not write the build folder runs what is built, and is told when it is stale" user_who_may_not_write
check "a user who may not install is given the one line to run" user_who_may_not_install
check "a moved source folder builds afresh" moved_folder
