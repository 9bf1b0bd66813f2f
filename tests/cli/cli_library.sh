# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder stand on.

# run COMMAND...: prints it, what it prints, and its exit code.
run() {
  local code=0
  printf '$ %s\n' "$*"
  "$@" || code=$?
  printf '[exit %d]\n\n' "$code"
}

# flip FILE OFFSET: one bit of one byte.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf '%b' "$(printf '\\x%02x' $((byte ^ 4)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
