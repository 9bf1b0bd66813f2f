#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What scores the explanations must see wrong ones. Usage: test_score_faults.sh WORK_DIR
#
# A fake assay: every check fails but that of the second case on a shader that is called well_*, and its explanation of a
# shader is what the file NAME.json beside the fault says.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$1
wrong=0
rm -rf "$work"
mkdir -p "$work/kernels" "$work/sets"
cat >"$work/kernels/k.comp" <<'END'
precisions: [f32]
layouts: [nchw]
    int a = 1;
END
cat >"$work/assay" <<'END'
#!/bin/sh
set=$(dirname "$0")/current
case "$1" in
check)
    case "$2 $3" in */well_*' fake/n2c1h1w1/-/i1/1') printf '\n1 check: 1 PASS on a fake\n' ;; *) printf '\n1 check: 1 FAIL on a fake\n' ;; esac
    ;;
explain)
    [ "$2" = --json ] && [ "$3" = --shader ] && [ -s "$4" ] && [ "$5" = "fake/n1c1h1w1/-/i1/1" ] || exit 2
    cat "$set/$(basename "$4" .comp).json"
    exit 1
    ;;
esac
END
chmod +x "$work/assay"

# fault SET NAME CAUSE SAID...: a fault and the causes that the fake says.
fault() {
    file="$work/sets/$1/$2"
    cause=$3
    mkdir -p "$work/sets/$1"
    shift 3
    printf 'kernel: k\ncause: %s\nwhy: A reason.\ncase: fake/n1c1h1w1/-/i1/1\ncase: fake/n2c1h1w1/-/i1/1\n' \
        "$cause" >"$file.fault"
    printf 'line: int a = 1;\nwith: int a = 2;\n' >>"$file.fault"
    separator=
    printf '{"causes": [' >"$file.json"
    for said; do
        printf '%s{"cause": "%s", "score": 1, "text": "so"}' "$separator" "$said" >>"$file.json"
        separator=', '
    done
    printf ']}\n' >>"$file.json"
}

# good SET: nineteen of twenty faults explained at once, one in third place.
good() {
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18; do
        fault "$1" "$i" scale scale sign
    done
    fault "$1" 19 'axis | stride' stride scale
    fault "$1" 20 bias scale sign bias axis
}

# scored SET EXPECTED WORDS [BEHIND]: the scorer ends with EXPECTED (0 or 1) and says WORDS; another set may stand behind.
scored() {
    rm -f "$work/current"
    ln -s "sets/$1" "$work/current"
    said=$("$here/score_faults.py" "$work/assay" "$work/kernels" "$work/out" "$work/sets/$1" ${4:+"$work/sets/$4"} 2>&1)
    code=$?
    case "$code $said" in "$2 "*"$3"*) ;; *)
        printf '%s: exit code %s, expected %s and "%s"; said:\n%s\n' "$1" "$code" "$2" "$3" "$said"
        wrong=1
        ;;
    esac
}

good right
scored right 0 'right: 20 faults, first 95.0 %, first three 100.0 %'

good first_wrong # 16 of 20 in first place, the others in second: 80 %
for i in 01 02 03; do fault first_wrong "$i" scale sign scale; done
scored first_wrong 1 'first 80.0 %, first three 100.0 %
first_wrong: at least 85 % and 95 % are needed'

# The same answers are read for both, so the second one is right.
mkdir "$work/sets/behind"
cp "$work/sets/first_wrong/04.fault" "$work/sets/behind"
scored first_wrong 1 'first_wrong: at least 85 % and 95 % are needed' behind

good three_wrong # 18 of 20 in first place, but two in no place at all, fourth being none: 90 %
fault three_wrong 19 axis scale sign bias axis
fault three_wrong 20 bias
scored three_wrong 1 'first 90.0 %, first three 90.0 %
three_wrong: at least 85 % and 95 % are needed'

good unknown
fault unknown 01 scale scale phase_of_the_moon
scored unknown 1 'names no cause of causes.def'
good doubled
fault doubled 01 scale scale sign sign
scored doubled 1 'names sign twice'
good no_json
echo 'It is the scale.' >"$work/sets/no_json/01.json"
scored no_json 1 '1 faults could not be scored'
good no_array
echo '{"causes": {"cause": "scale"}}' >"$work/sets/no_array/01.json"
scored no_array 1 'no object with an array "causes"'
good does_not_show
fault does_not_show well_01 scale scale
scored does_not_show 1 'well_01: does not fail on fake/n2c1h1w1/-/i1/1'
good cannot_be_made
fault cannot_be_made 01 scale scale
sed 's/^line: .*/line: int b = 1;/' "$work/sets/cannot_be_made/01.fault" >"$work/one"
mv "$work/one" "$work/sets/cannot_be_made/01.fault"
scored cannot_be_made 1 'line found 0 times'
mkdir "$work/sets/empty"
scored empty 1 'no .fault files'

# The corpus of both sets, and what must not be one: the set twice, a cause or a layout short, and a label that is none.
corpus() {
    said=$("$here/check_corpus.py" "$1" "$2" 2>&1)
    code=$?
    case "$code $said" in "$3 "*"$4"*) ;; *)
        printf 'corpus %s %s: exit code %s, expected %s and "%s"; said:\n%s\n' "$1" "$2" "$code" "$3" "$4" "$said"
        wrong=1
        ;;
    esac
}
corpus "$here/tune" "$here/tune" 1 'is in both sets'
corpus "$here/tune" "$here/score" 0 'score: '
cp -r "$here/score" "$work/sets/short"
grep -l '^cause: race' "$work"/sets/short/*.fault | xargs rm
corpus "$here/tune" "$work/sets/short" 1 'cause race is there 0 times'
cp -r "$here/score" "$work/sets/flat"
grep -l '^layout: image' "$work"/sets/flat/*.fault | xargs rm
corpus "$here/tune" "$work/sets/flat" 1 'no fault in layout image'
cp -r "$here/score" "$work/sets/labelled"
fault labelled more gremlins
corpus "$here/tune" "$work/sets/labelled" 1 'causes.def has no cause "gremlins"'
cp -r "$here/score" "$work/sets/copied"
cp "$here/tune/tiled_subtracts.fault" "$work/sets/copied/another_name.fault"
corpus "$here/tune" "$work/sets/copied" 1 'another_name: makes the same change as tiled_subtracts'
exit $wrong
