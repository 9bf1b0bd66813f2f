// SPDX-License-Identifier: Apache-2.0
/*---
kernel: no_barrier
operator: relu
summary: "a neighbour is read from shared memory before the group has written it"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: count, type: uint, value: out.count}
  - {name: zero, type: float, value: in.n - in.n}
dispatch:
  threads: [out.count]
---*/
#version 450
layout(local_size_x = 64) in;
layout(std430, binding = 0) readonly buffer In { float x[]; };
layout(std430, binding = 1) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { uint count; float zero; } p;
shared vec2 unused_here[4];
shared float tile[64];

void main()
{
    uint i = gl_GlobalInvocationID.x, at = gl_LocalInvocationID.x;
    unused_here[at % 4u] = vec2(0.0);
    tile[at] = i < p.count ? x[i] : 0.0;
#ifdef RIGHT
    barrier();
#endif
    if (i < p.count)
        y[i] = max(tile[at], 0.0) + p.zero * tile[63u - at] + unused_here[at % 4u].x;
}
