#!/usr/bin/env bash
# `xchg tour`, seen from outside. Prints one line a test, as tools/run_tests.py wants it.
set -uo pipefail

source_folder=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
build=${XCHG_BUILD:-$source_folder/build/release}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# check NAME FUNCTION: one test; it passes if the function, run in a subshell with errors fatal, returns 0.
check() {
  local status=0
  (set -euo pipefail; cd "$(mktemp -d -p "$work")"; "$2") >"$work/output" 2>&1 || status=$?
  if ((status == 0)); then
    echo "ok - $1"
  else
    cat "$work/output"
    echo "not ok - $1"
  fi
}

# ends_with EXPECTED COMMAND…: runs the command with its streams in files; fails unless it exits as expected.
ends_with() {
  local expected=$1 status=0
  shift
  "$@" >stdout 2>stderr </dev/null || status=$?
  cat stdout stderr
  ((status == expected)) || { echo "exit status $status; expected $expected: $*"; return 1; }
}

# A program folder of its own, whose share/xchg a test may change: own/bin/xchg.
own_program() {
  mkdir -p own/bin own/share/xchg
  cp "$build/bin/xchg" own/bin/
  cp -r "$build/share/xchg/report" own/share/xchg/
  ln -s "$source_folder/data" own/share/xchg/data
}

writes_page_and_charts() {
  ends_with 0 "$build/bin/xchg" tour
  [[ $(cat stdout) == tour/index.html ]]
  grep -q 'id="kmedoids"' tour/index.html
  local specs
  specs=$(find tour/charts -name '*.vl.json' | wc -l)
  ((specs > 0 && specs == $(find tour/charts -name '*.csv' | wc -l)))
  ((specs == $(grep -c '<figure class="chart"' tour/index.html)))
}

replaces_its_own_report_alone() {
  "$build/bin/xchg" tour --quiet >/dev/null
  touch tour/charts/gone.vl.json tour/mine.txt
  ends_with 0 "$build/bin/xchg" tour --quiet
  [[ -e tour/mine.txt && ! -e tour/charts/gone.vl.json ]]
  mkdir other
  echo '<title>not ours</title>' >other/index.html
  ends_with 2 "$build/bin/xchg" tour --out other
  grep -q -- --force stderr
  grep -q 'not ours' other/index.html
  ends_with 0 "$build/bin/xchg" tour --out other --quiet --force
  grep -q 'xchg report' other/index.html
}

without_times_the_bytes_are_the_same() {
  "$build/bin/xchg" tour --out a --quiet --no-run --threads 1 >/dev/null
  "$build/bin/xchg" tour --out b --quiet --no-run --threads 2 >/dev/null
  diff -r a b
}

names_an_unknown_engine() {
  ends_with 2 "$build/bin/xchg" tour kmedoid
  grep -q "did you mean 'kmedoids'?" stderr
  [[ ! -e tour ]]
}

shows_a_failed_chapter() {
  own_program
  rm own/share/xchg/data
  mkdir own/share/xchg/data
  ends_with 1 own/bin/xchg tour kmedoids
  grep -q 'This chapter failed.' tour/index.html
  grep -q 'digits.csv is missing' tour/index.html
}

without_renderer_nothing_is_written() {
  own_program
  rm own/share/xchg/report/vega.min.js
  ends_with 1 own/bin/xchg tour
  grep -q './xchg tour' stderr
  [[ ! -e tour ]]
}

keeps_what_is_finished_on_ctrl_c() {
  # A named pipe in place of the data holds the chapter until the signal has come.
  own_program
  rm own/share/xchg/data
  mkdir -p own/share/xchg/data/kmedoids
  mkfifo own/share/xchg/data/kmedoids/digits.csv
  own/bin/xchg tour >stdout 2>stderr &
  local program=$! status=0
  # Opening waits until the program reads; it then finds the signal at its next question.
  exec 5>own/share/xchg/data/kmedoids/digits.csv
  kill -TERM "$program"
  cat "$source_folder/data/kmedoids/digits.csv" >&5
  exec 5>&-
  wait "$program" || status=$?
  cat stdout stderr
  ((status == 130))
  grep -q 'This chapter was interrupted.' tour/index.html
}

refuses_a_place_it_cannot_write() {
  echo text >file
  ends_with 2 "$build/bin/xchg" tour --out file
  ends_with 2 "$build/bin/xchg" tour --out file/below
  [[ $(cat file) == text ]]
}

check 'tour writes the page, and every chart with its data' writes_page_and_charts
check 'tour replaces its own report, and others only by force' replaces_its_own_report_alone
check 'tour --no-run gives the same bytes whatever the threads' without_times_the_bytes_are_the_same
check 'tour names the engine that was meant' names_an_unknown_engine
check 'tour shows a chapter that failed, and exits as its error says' shows_a_failed_chapter
check 'tour without the renderer says how to get it' without_renderer_nothing_is_written
check 'tour keeps what is finished on a signal' keeps_what_is_finished_on_ctrl_c
check 'tour refuses a place that it cannot write' refuses_a_place_it_cannot_write
