#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_faults.sh ASSAY KERNELS_DIR WORK_DIR FILE.fault...
#
# Makes every shader and checks it on each of its file's cases: every one of these checks must run and FAIL. A fault that
# does not show would be scored as one that was not explained.
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -lt 4 ]; then
    echo "usage: check_faults.sh ASSAY KERNELS_DIR WORK_DIR FILE.fault..." >&2
    exit 2
fi
assay=$1 kernels=$2 work=$3
shift 3
mkdir -p "$work" || exit 2
wrong=0

for file; do
    name=$(basename "$file" .fault)
    shader="$work/$name.comp"
    rm -f "$shader"
    if ! "$here/../mutants/make_mutant.sh" "$file" "$kernels" "$shader"; then
        wrong=1
        continue
    fi
    cases=$(sed -n 's/^case: *//p' "$file")
    for case in $cases; do
        said=$("$assay" check "$shader" "$case" --sanitize none --validate none --quiet 2>&1)
        case "$said" in *"
1 check: 1 FAIL on "*) ;; *)
            printf '%s: does not fail on %s:\n%s\n' "$name" "$case" "$said"
            wrong=1
            ;;
        esac
    done
done
exit $wrong
