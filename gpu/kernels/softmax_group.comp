// SPDX-License-Identifier: Apache-2.0
/*---
kernel: softmax_group
operator: softmax
summary: "a work group a row"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: int, value: out.count}
  - {name: size_n, type: int, value: in.n}
  - {name: size_c, type: int, value: in.c}
  - {name: size_h, type: int, value: in.h}
  - {name: size_w, type: int, value: in.w}
  - {name: axis, type: int, value: axis}
dispatch:
  groups:
    - "min(out.count / (axis == 0 ? out.n : axis == 1 ? out.c : axis == 2 ? out.h : out.w), 32768)"
    - "ceil_div(out.count / (axis == 0 ? out.n : axis == 1 ? out.c : axis == 2 ? out.h : out.w), 32768)"
    - 1
---*/
// out = exp(in - max) / sum of exp(in - max) over each row along the axis, of any length and in any place. For long rows
// of few: an invocation takes every 64th element, reduce.glsl joins the 64 maxima and the 64 sums.
#version 450
#include "flat.glsl"
#include "reduce.glsl"

layout(local_size_x = 64) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { int count, size_n, size_c, size_h, size_w, axis; } p;

void main()
{
    ivec4 size = ivec4(p.size_n, p.size_c, p.size_h, p.size_w);
    int length = size[p.axis];
    int step = 1; // distance of neighbours in a row
    for (int i = 3; i > p.axis; i--)
        step *= size[i];
    int row = int(flat_group());
    if (row >= p.count / length)
        return;
    int first = row / step * step * length + row % step;
    int id = int(gl_LocalInvocationID.x);

    float most = in_data[first + min(id, length - 1) * step];
    for (int i = id; i < length; i += 64)
        most = max(most, in_data[first + i * step]);
    most = reduce_max(most);
    float sum = 0.0;
    for (int i = id; i < length; i += 64)
        sum += exp(in_data[first + i * step] - most);
    sum = reduce_sum(sum);
    for (int i = id; i < length; i += 64)
        out_data[first + i * step] = exp(in_data[first + i * step] - most) / sum;
}
