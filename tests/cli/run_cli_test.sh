#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_cli_test.sh SCRIPT ASSAY WORK_DIR SOURCE_DIR: runs SCRIPT in a fresh folder and holds what it prints, line by line,
# against <name>.out beside it. A line there is a shell glob when it begins with "~ ", otherwise the exact text.
# `ASSAY_CLI_RECORD=1` writes what was printed to <name>.out instead: read the difference before you commit it.
set -u
script=$1 assay=$2 work=$3/$(basename "$1" .sh) source=$4
expected=${script%.sh}.out
rm -rf "$work"
mkdir -p "$work/here"
cd "$work/here" || exit 2
PATH=$(dirname "$assay"):$PATH SOURCE=$source ASSAY=$assay bash -u -c ". '$source/tests/cli/cli_library.sh'; . '$script'" \
  >"$work/printed" 2>&1 </dev/null
if [ "${ASSAY_CLI_RECORD-}" = 1 ]; then
  cp "$work/printed" "$expected"
  exit 0
fi
[ -f "$expected" ] || { echo "no $expected"; cat "$work/printed"; exit 1; }
mapfile -t want <"$expected"
mapfile -t got <"$work/printed"
wrong=0
for ((i = 0; i < ${#want[@]} || i < ${#got[@]}; i++)); do
  w=${want[i]-<nothing>} g=${got[i]-<nothing>}
  if [[ $w == "~ "* ]]; then
    # shellcheck disable=SC2053 # a glob on purpose
    [[ $g == ${w#"~ "} ]] && continue
  else
    [[ $g == "$w" ]] && continue
  fi
  printf 'line %d\n  expected: %s\n  printed:  %s\n' $((i + 1)) "$w" "$g"
  wrong=1
  [ ${#want[@]} -eq ${#got[@]} ] || break
done
[ "$wrong" -eq 0 ] || { echo "--- printed"; cat "$work/printed"; }
exit "$wrong"
