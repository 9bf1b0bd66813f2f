#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_suite.sh ASSAY SUITE: runs the suite, then looks at its results.
set -euo pipefail
assay=$1 suite=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$assay" verify --suite "$suite" --quiet --timings --timeout 120 --out "$work/results.h5"
"$assay" list kernels >"$work/kernels"
/usr/bin/python3 "$here/check_suite.py" "$work/results.h5" "$work/kernels"
