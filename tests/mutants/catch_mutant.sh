#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# catch_mutant.sh CATCH_MUTANT FILE.mutant KERNELS_DIR WORK_DIR: makes the mutated shader and runs it.
set -eu
name=$(basename "$2" .mutant)
mkdir -p "$4"
"$(dirname "$0")/make_mutant.sh" "$2" "$3" "$4/$name.comp"
exec "$1" "$2" "$4/$name.comp"
