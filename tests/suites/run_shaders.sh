#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_shaders.sh ASSAY FOLDER: checks the shaders of a folder; each of their variants must pass something.
set -euo pipefail
assay=$1 folder=$2
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$assay" check "$folder" --quiet --timeout 120 --out "$work/results.h5"
# A line "kernel operator precision layout" for each, as `assay list kernels` has them.
for shader in "$folder"/*.comp "$folder"/*.yaml; do
  grep -q "^kernel: " "$shader" || continue # a shader that a pass of another manifest runs
  /usr/bin/python3 - "$shader" <<'E2'
import re, sys
head = open(sys.argv[1], encoding="utf-8").read().split("---*/")[0]
key = lambda name: re.search(rf"^{name}: (.*)$", head, re.M).group(1).strip("[]").split(", ")
for precision in key("precisions"):
    for layout in key("layouts"):
        print(key("kernel")[0], key("operator")[0], precision, layout)
E2
done >"$work/kernels"
/usr/bin/python3 "$here/check_suite.py" "$work/results.h5" "$work/kernels"
