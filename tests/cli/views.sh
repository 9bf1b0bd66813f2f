# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What a check says where a manifest and a shader do not agree on where tensors lie: a defect of the manifest is an
# ERROR with file and line, one of the shader a FAIL that names the place.
shaders=$SOURCE/tests/shaders
# SHADER FROM TO CASE [PRECISION]: makes a shader wrong, and checks it.
wrong() {
  local shader=$1 from=$2 to=$3 case=$4
  python3 - "$shaders/$shader.comp" "$from" "$to" <<'E2' >wrong.comp
import sys
text = open(sys.argv[1], encoding="utf-8").read()
assert sys.argv[2] in text
print(text.replace(sys.argv[2], sys.argv[3], 1), end="")
E2
  assay check wrong.comp "$case" --precision "${5-f32}" --quiet --json wrong.json >/dev/null 2>&1
  echo "exit $?"
  python3 -c 'import json
for r in json.load(open("wrong.json"))["results"]: print(r["verdict"], r["reason"])'
}
slope='leaky_relu/n2c5h3w5/-/i1/1'
echo "-- a map that meets itself, leaves its memory, has no value"
wrong pack1_in_place '(n * in.c + c)' '(n + c)' "$slope"
wrong pack1_in_place 'in.w + w' 'in.w + w + 2' "$slope"
wrong pack1_in_place 'in.w + w' 'in.w + w % (c - 3)' "$slope"
echo "-- tensors that overlap"
wrong shared_matmul 'bias, offset: 16' 'bias, offset: 24' 'linear/n3c11/o13/i1/1'
echo "-- writes to a gap, to a neighbour, between neighbours"
wrong pack1_in_place 'x[i] = STORED(' 'if (at.x == 0) x[i + p.size] = STORED(1.0); x[i] = STORED(' "$slope"
wrong shared_matmul '= sum;' '= sum; y[p.in_at / 4 + 2] = 9.0;' 'linear/n3c11/o13/i1/1'
wrong shared_matmul '= sum;' '= sum; y[p.bias_at / 4 + p.rows] = 9.0;' 'linear/n3c11/o13/i1/1'
echo "-- spare channels that are not zero"
wrong pack8_add 'sum[k] = p' 'sum[k] = k == 3 ? 0x3c003c00u : p' 'add/n2c6h3w5+n2c6h3w5/-/i1/1' f16s
echo "-- checks of one case share their inputs only where these are stored alike"
mkdir both
for half in a b; do
  other=$([ $half = a ] && echo b || echo a)
  cat >both/$half.comp <<E2
/*---
kernel: half_$half
operator: add
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings: [{binding: 0, tensor: $half, storage: f16}, {binding: 1, tensor: $other}, {binding: 2, tensor: out}]
push: [{type: uint, value: out.count}]
when: a.count == b.count
dispatch: {threads: [out.count]}
---*/
#version 450
#extension GL_EXT_shader_16bit_storage : require
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer H { float16_t h[]; };
layout(std430, binding = 1) readonly buffer F { float f[]; };
layout(std430, binding = 2) writeonly buffer Y { float y[]; };
layout(push_constant) uniform P { uint count; } p;
void main() { uint i = gl_GlobalInvocationID.x; if (i < p.count) y[i] = float(h[i]) + f[i]; }
E2
done
assay check both 'add/n2c6h3w5+n2c6h3w5/-/{i1,he,uniform,special}/1' --quiet --jobs 1
echo "exit $?"
