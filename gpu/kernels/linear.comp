// SPDX-License-Identifier: Apache-2.0
/*---
kernel: linear
operator: linear
summary: "a work group an output element"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: weights}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: count, type: int, value: out.count}
  - {name: outputs, type: int, value: out.c}
  - {name: depth, type: int, value: in.c}
  - {name: bias, type: int, value: bias}
dispatch:
  groups:
    - "min(out.count, 32768)"
    - "ceil_div(out.count, 32768)"
    - 1
---*/
// out[n,o] = bias[o] + sum over c of weights[o,c] * in[n,c]. An invocation takes every 64th product, so that neighbouring
// invocations read neighbouring weights; reduce.glsl joins the 64 sums.
#version 450
#include "flat.glsl"
#include "reduce.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer Weights { float weights_data[]; };
layout(std430, set = 0, binding = 2) readonly buffer Bias { float bias_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { int count, outputs, depth, bias; } p;

void main()
{
    int index = int(flat_group());
    if (index >= p.count)
        return;
    int o = index % p.outputs;
    int n = index / p.outputs;
    float sum = 0.0;
    for (int c = int(gl_LocalInvocationID.x); c < p.depth; c += 64)
        sum += weights_data[o * p.depth + c] * in_data[n * p.depth + c];
    float total = reduce_sum(sum);
    if (gl_LocalInvocationID.x != 0u)
        return;
    if (p.bias != 0)
        total += bias_data[o];
    out_data[index] = total;
}
