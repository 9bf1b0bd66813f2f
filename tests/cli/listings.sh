# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What a list of cases exercises, and what it does not; the tables of operators and kernels.
cat >some.cases <<'E2'
# Two of pooling, one of padding
max_pool2d/n1c3h8w9/k2x3s{1x1,1x2}p0/i1/1
pad/n1c4h2w5/before0x0x1x0after0x0x0x2value1/i1/1
E2
run assay list cases --suite ./some.cases
assay list cases --suite ./some.cases --coverage | grep -A 5 '^max_pool2d '
assay list cases --suite ./some.cases --coverage --verbose | grep -A 5 '^pad '
assay list cases --suite ./some.cases --coverage | grep -E '^relu |covered$'
run assay list cases --suite ./none.cases --coverage
echo "the table of kernels:"
assay list kernels --matrix >matrix
head -n 2 matrix
grep '^relu ' matrix | wc -w
grep '^concat ' matrix | grep -o ' a' | wc -l
grep '^a ' matrix
grep '!' matrix || echo "no gap"
echo "the table of operators:"
assay list ops | grep '^concat '
assay list ops --verbose | grep -A 7 '^concat '
assay list ops --verbose | grep -A 3 '^reciprocal '
assay list ops --verbose | grep -A 4 '^leaky_relu '
assay list ops --verbose | grep 'where an output element lies'
run assay list layouts
