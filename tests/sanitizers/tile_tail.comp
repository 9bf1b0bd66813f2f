// SPDX-License-Identifier: Apache-2.0
/*---
kernel: tile_tail
operator: relu
summary: "a tile whose last element nobody writes"
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
shared float tile[65];

void main()
{
    uint i = gl_GlobalInvocationID.x, at = gl_LocalInvocationID.x;
    tile[at] = i < p.count ? x[i] : 0.0;
#ifdef RIGHT
    if (at == 0u)
        tile[64] = 0.0;
#endif
    barrier();
    if (i < p.count)
        y[i] = max(tile[at], 0.0) + p.zero * tile[at + 1u];
}
