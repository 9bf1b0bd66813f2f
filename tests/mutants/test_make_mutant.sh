#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The generator of mutants must refuse what is no mutant. Usage: test_make_mutant.sh WORK_DIR
set -u
make="$(cd "$(dirname "$0")" && pwd)/make_mutant.sh"
work=$1
wrong=0
rm -rf "$work"
mkdir -p "$work/kernels"
printf 'int twice() { return 1; }\n' >"$work/kernels/part.glsl"
cat >"$work/kernels/k.comp" <<'END'
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
#version 450
#include "part.glsl"
void main()
{
    int a = 1;
    same();
    same();
}
END

# mutant NAME LINE...: writes a file of those lines behind a head that is right.
mutant() {
    file="$work/$1.mutant"
    shift
    printf 'kernel: k\nexpect: T0\nwhy: A reason.\ncases: relu/n1c1h1w1/-/i1/1\n' >"$file"
    for line; do
        printf '%s\n' "$line" >>"$file"
    done
}

# refuses NAME WORDS: the generator fails, says so with WORDS and leaves no shader.
refuses() {
    if said=$("$make" "$work/$1.mutant" "$work/kernels" "$work/$1.comp" 2>&1); then
        echo "$1: was accepted"
        wrong=1
    fi
    case "$said" in *"$2"*) ;; *)
        echo "$1: said \"$said\", expected \"$2\""
        wrong=1
        ;;
    esac
    if [ -e "$work/$1.comp" ] || [ -e "$work/$1.comp.part" ]; then
        echo "$1: a shader was left"
        wrong=1
    fi
}

mutant absent 'line: int b = 1;' 'with: int b = 2;'
refuses absent 'line found 0 times'
mutant double 'line: same();' 'with: other();'
refuses double 'line found 2 times'
mutant partial 'line: int a' 'with: int b'
refuses partial 'line found 0 times'
mutant lonely 'line: int a = 1;'
refuses lonely 'has no "with"'
mutant empty
refuses empty 'has no "line"'
mutant misspelt 'lines: int a = 1;' 'with: int a = 2;'
refuses misspelt 'key "lines" is unknown'
mutant keyless 'int a = 1;'
refuses keyless 'not "key: value"'
mutant elsewhere 'line: int a = 1;' 'with: int a = 2;'
sed 's/^kernel: k$/kernel: nowhere/' "$work/elsewhere.mutant" >"$work/nowhere.mutant"
refuses nowhere 'cannot read'
grep -v '^why' "$work/elsewhere.mutant" >"$work/reasonless.mutant"
refuses reasonless 'has no "why"'

# And it makes what it should: both lines, one of them out of an included file, one precision, the rest as it was.
mutant good 'line: int a = 1;' 'with: int a = 2 & ~\n;' 'line: int twice() { return 1; }' 'with: int twice() { return 2; }'
cat >"$work/expected" <<'END'
precisions: [f32]
layouts: [nchw]
#version 450
int twice() { return 2; }
void main()
{
    int a = 2 & ~\n;
    same();
    same();
}
END
"$make" "$work/good.mutant" "$work/kernels" "$work/good.comp" && cmp "$work/good.comp" "$work/expected" || wrong=1
printf 'precision: f16a\n' >>"$work/good.mutant"
sed 's/f32/f16a/' "$work/expected" >"$work/expected_half"
"$make" "$work/good.mutant" "$work/kernels" "$work/half.comp" && cmp "$work/half.comp" "$work/expected_half" || wrong=1

# A fault is made the same way; it has keys of its own, and only those.
{
    printf 'kernel: k\nlayout: image\ncause: scale\nwhy: A reason.\ncase: relu/n1c1h1w1/-/i1/1\n'
    printf 'case: relu/n1c1h1w2/-/i1/1\nline: int a = 1;\nwith: int a = 2;\n'
} >"$work/good.fault"
sed 's/\[nchw\]/[image]/; s/return 2/return 1/; s/2 & ~.n/2/' "$work/expected" >"$work/expected_fault"
"$make" "$work/good.fault" "$work/kernels" "$work/fault.comp" && cmp "$work/fault.comp" "$work/expected_fault" || wrong=1
mutant causal 'cause: scale' 'line: int a = 1;' 'with: int a = 2;'
refuses causal 'key "cause" is unknown'
mutant twice_kernel 'kernel: k' 'line: int a = 1;' 'with: int a = 2;'
refuses twice_kernel 'key "kernel" is unknown or out of place'
mutant caseless 'line: int a = 1;' 'with: int a = 2;'
grep -v '^cases' "$work/caseless.mutant" >"$work/no_cases.mutant"
refuses no_cases 'has no "cases"'
exit $wrong
