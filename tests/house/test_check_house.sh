#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The checker must see each kind of broken rule. Usage: test_check_house.sh CHECKER SOURCE_DIR
set -eu
checker=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fresh() {
    rm -rf "$work/tree"
    mkdir "$work/tree"
    for room in reference gpu fixtures reports harness tests; do
        mkdir "$work/tree/$room"
        cp "$source/reference/status.h" "$work/tree/$room/$room.h"
    done
}

must_fail() {
    if "$checker" "$work/tree" >"$work/said"; then
        echo "not seen: $1"
        exit 1
    fi
    grep -q "$2" "$work/said" || { echo "$1: said something else"; cat "$work/said"; exit 1; }
}

fresh
"$checker" "$work/tree"
echo '#include "gpu/device.h"' >>"$work/tree/reports/reports.h"
must_fail "reports includes gpu" "reports must not include gpu"
fresh
echo '#include "harness/runner.h"' >>"$work/tree/reference/reference.h"
must_fail "reference includes harness" "reference must not include harness"
fresh
echo '#include "../gpu/device.h"' >>"$work/tree/reports/reports.h"
must_fail "a path round the rule" "from the root"
fresh
yes 'int x;' | head -n 700 >>"$work/tree/gpu/gpu.h"
must_fail "a long file" "more than 600"
fresh
echo 'int x;' >"$work/tree/gpu/bare.c"
must_fail "no licence" "no SPDX line"
fresh
cp "$work/tree/gpu/gpu.h" "$work/tree/reports/gpu.h"
must_fail "two of one name" "unique"
fresh
mkdir "$work/tree/docs"
echo '| conv2d | sum of products |' >"$work/tree/docs/tolerances.md"
printf 'OP(conv2d, "Conv", "")\nOP(relu, "Relu", "")\n' >"$work/tree/reference/operators.def"
must_fail "an operator without a bound" "no bound of relu"
echo "every broken rule was seen"
