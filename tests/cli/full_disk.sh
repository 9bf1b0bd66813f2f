# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A disk that is full: a sentence, exit code 3, and no half-written file that looks whole.
case='{relu,sigmoid,tanh}/n2c{1,2,3,4}h1{0,1,2,3}w9/-/i2/7'
run bash -c "ulimit -f 8; assay verify '$case' --quiet --out results.h5 >/dev/null"
ls results.h5 2>/dev/null
run bash -c "ulimit -f 8; assay fixture make '$case' -o fixture.h5"
ls
run bash -c "assay verify 'relu/n2c3h9w9/-/i2/7' --junit /dev/full >/dev/null"
run bash -c "assay list cases >/dev/full"
run assay verify 'relu/n2c3h9w9/-/i2/7' --quiet --out no/such/folder/results.h5
