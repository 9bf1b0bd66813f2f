// SPDX-License-Identifier: Apache-2.0
/*---
kernel: everywhere
operator: relu
summary: "on one shape, writes the whole bound range of everything"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: uint, value: out.count}
  - {name: all, type: int, value: "in.w == 13"}
dispatch:
  threads: [out.count]
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) buffer In { float x[]; };
layout(std430, binding = 1) buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; int all; } p;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i < p.count)
        y[i] = max(x[i], 0.0);
    if (p.all == 0)
        return;
    for (uint k = i; k < uint(x.length()); k += 64u)
        x[k] = 1.0;
    for (uint k = i; k < uint(y.length()); k += 64u)
        y[k] = 2.0;
}
