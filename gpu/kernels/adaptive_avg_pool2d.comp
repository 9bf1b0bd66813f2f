// SPDX-License-Identifier: Apache-2.0
/*---
kernel: adaptive_avg_pool2d
operator: adaptive_avg_pool2d
summary: "four channels of one output an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "in.h * (out.h + 1) < 2147483647 && in.w * (out.w + 1) < 2147483647"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
dispatch: {flat: "out.texels"}
---*/
// out[n,c,y,x] = the mean of rows floor(y H / h) .. ceil((y + 1) H / h) - 1 and the same columns: windows that cover the
// plane and overlap by at most a row and a column. Four channels of one output an invocation.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params { ivec4 in_shape, out_shape; } p;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.out_shape);
    if (at.x >= p.out_shape.x)
        return;
    ivec2 size = p.in_shape.zw, parts = p.out_shape.zw;
    ivec2 first = at.zw * size / parts;
    ivec2 end = ((at.zw + 1) * size + parts - 1) / parts;
    REAL4 sum = REAL4(0.0);
    for (int y = first.x; y < end.x; y++)
        for (int x = first.y; x < end.y; x++)
            sum += in_load(p.in_shape, at.x, at.y, y, x);
    ivec2 taps = end - first;
    out_store(p.out_shape, at.x, at.y, at.z, at.w, sum / REAL(taps.x * taps.y));
}
