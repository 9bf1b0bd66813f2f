// SPDX-License-Identifier: Apache-2.0
/*---
kernel: global_avg_pool
operator: global_avg_pool
summary: "a work group four planes"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
constants:
  - {id: 9, name: group, type: uint, value: "in.h * in.w >= 4096 ? 256 : 64"}
dispatch: {flat: "local.x * in.n * in.s"}
---*/
// out[n,c] = sum of the plane / its area. A work group takes four planes: an invocation sums every element of GROUP,
// group_reduce.glsl joins the sums.
#version 450
#include "flat.glsl"
#include "tensor.glsl"
#include "group_reduce.glsl"

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 in_shape, out_shape; } p;

void main()
{
    int n = int(flat_group()) / slices(p.in_shape), s = int(flat_group()) % slices(p.in_shape);
    if (n >= p.in_shape.x)
        return;
    int area = p.in_shape.z * p.in_shape.w, id = int(gl_LocalInvocationID.x);
    REAL4 sum = REAL4(0.0);
    for (int i = id; i < area; i += int(GROUP))
        sum += in_load(p.in_shape, n, s, i / p.in_shape.w, i % p.in_shape.w);
    REAL4 total = group_sum(sum);
    if (id == 0)
        out_store(p.out_shape, n, s, 0, 0, total / REAL(area));
}
