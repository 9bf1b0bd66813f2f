#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The house rules that a reader relies on: which room may include which, how long a file may be, that no two files have
# the same name, that each operator's bound is derived. Usage: check_house.sh SOURCE_DIR
set -u
cd "$1" || exit 2
wrong=0

complain() {
    printf '%s\n' "$1"
    wrong=1
}

# room: rooms it may include (itself always)
arrows='reference:
gpu:reference
fixtures:reference
reports:reference
harness:reference gpu fixtures reports
tests:reference gpu fixtures reports harness'

rooms='reference gpu fixtures reports harness tests'
for room in $rooms; do
    allowed="$room $(printf '%s\n' "$arrows" | sed -n "s/^$room://p")"
    for other in $rooms; do
        case " $allowed " in *" $other "*) continue ;; esac
        found=$(grep -rnE --include='*.[ch]' "#include \"$other/" "$room")
        [ -z "$found" ] || complain "$room must not include $other:
$found"
    done
    # A path that climbs out of its folder would go round the rule.
    found=$(grep -rnE --include='*.[ch]' '#include "\.\.?/' "$room")
    [ -z "$found" ] || complain "includes are written from the root: $found"
done

# shellcheck disable=SC2086 # a list of words
sources=$(find $rooms -name '*.c' -o -name '*.h' -o -name '*.comp' -o -name '*.glsl')
for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || complain "$file has $lines lines, more than 600"
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || complain "$file: no SPDX line"
done
median=$(for file in $sources; do wc -l <"$file"; done | sort -n | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}')
[ "$median" -le 150 ] || complain "the median file has $median lines, more than 150"

same=$(printf '%s\n' "$sources" | sed 's|.*/||' | sort | uniq -d)
[ -z "$same" ] || complain "file names are unique over the tree, these are not: $same"

bare=$(sed -n 's/^OP(\([a-z0-9_]*\),.*/\1/p' reference/operators.def 2>/dev/null | while read -r operator; do
    grep '^|' docs/tolerances.md | grep -qw "$operator" || echo "$operator"
done)
[ -z "$bare" ] || complain "docs/tolerances.md has no bound of $bare"

echo "files: $(printf '%s\n' "$sources" | wc -l), median $median lines"
exit $wrong
