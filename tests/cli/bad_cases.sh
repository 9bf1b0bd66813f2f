# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Case strings and selections that are wrong: one sentence, the documented exit code.
run assay verify 'conv3d/n1c3h8w8/o4k3x3s1p1/i2/7'
run assay verify 'conv2d/n1c3h8w8/o4k3x3s1p1q7/i2/7'
run assay verify 'conv2d/n1c3h8w8/o4k3x3s1p1/i9/7'
run assay verify 'conv2d/n1c3h8w8/o4k3x3s1p1/i2'
run assay verify 'conv2d/n99999999999999999999c3h8w8/o4k3x3s1p1/i2/7'
run assay verify 'conv2d/n100000c100000h100000w100000/o4k3x3s1p1/i2/7'
run assay verify 'conv2d/n1c3h8w8/o4k9x9s1p0/i2/7'
run assay verify 'conv2d/n1c3h8w8/o4k3x3s1p1g2/i2/7'
run assay verify 'conv2d/n1c3h8w8/o4k3x3s0p1/i2/7'
run assay verify --suite no-such-suite
run assay verify 'nothing*matches'
run assay verify --kernel 'no_such_kernel' 'relu/n1c3h8w8/-/i2/7'
run assay verify --shard 3/2
run assay verify --no-such-option
run assay verify --timeout never
run assay verify --validate everything 'relu/n1c3h8w8/-/i2/7'
run assay verify --resume 'relu/n1c3h8w8/-/i2/7'
run assay verfy
run assay
