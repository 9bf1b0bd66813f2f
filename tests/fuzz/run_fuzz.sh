#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run_fuzz.sh TARGET ASSAY WORK_DIR SOURCE_DIR SECONDS: seeds a corpus with real inputs of the target's parser, then fuzzes.
set -eu
target=$1 assay=$2 name=$(basename "$1") source=$4
work=$3/$name
rm -rf "$work"
mkdir -p "$work/corpus"
cd "$work"
case $name in
fuzz_case)
    "$assay" list cases | head -n 200 | while read -r line; do
        printf '%s' "$line" >"corpus/$(printf '%s' "$line" | cksum | cut -d' ' -f1)"
    done
    ;;
fuzz_fixture) "$assay" fixture make 'relu/n1c2h2w3/-/i2/7' 'conv2d/n1c2h3w3/o2k2x3s1p1/i1/1' -o corpus/seed ;;
fuzz_outputs)
    "$assay" fixture make 'relu/n1c2h2w3/-/i2/7' 'linear/n1c5/o2/i2/7' -o seed.h5 --npz corpus/seed.npz
    ;;
fuzz_results)
    # A driver's leaks are not what is looked for here.
    ASAN_OPTIONS=detect_leaks=0 "$assay" verify 'relu/n1c2h2w3/-/i2/7' --quiet --out corpus/seed >/dev/null
    ;;
fuzz_onnx)
    for model in /usr/share/libonnx-testdata/data/node/test_relu /usr/share/libonnx-testdata/data/simple/test_*; do
        if [ -f "$model/model.onnx" ]; then cp "$model/model.onnx" "corpus/$(basename "$model")"; fi
    done
    ;;
fuzz_manifest)
    cp "$source"/tests/shaders/*.yaml corpus
    for shader in "$source"/gpu/kernels/*.comp "$source"/tests/shaders/*.comp; do
        sed -n '/^\/\*---/,/^---\*\//p' "$shader" | sed '1d;$d' >"corpus/$(basename "$shader")"
    done
    ;;
fuzz_spirv)
    for kernel in relu conv2d_tiled softmax_group; do
        glslc -O -g --target-env=vulkan1.1 -DASSAY_PRECISION_F32 -DASSAY_LAYOUT_NCHW -I "$source/gpu/kernels" \
            "$source/gpu/kernels/$kernel.comp" -o "corpus/$kernel"
    done
    for kernel in add_ggml pool_mnn linear_sum; do # blocks, samplers, constants
        glslc -O -g --target-env=vulkan1.1 "$source/tests/shaders/$kernel.comp" -o "corpus/$kernel"
    done
    ;;
esac
[ -n "$(ls corpus)" ] || { echo "no seeds for $name"; exit 1; }
exec "$target" -max_total_time="$5" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 corpus
