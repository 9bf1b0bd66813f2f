// SPDX-License-Identifier: Apache-2.0
/*---
kernel: counts_runs
operator: relu
summary: "counts its runs in shared memory, and is wrong from the third on"
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
shared uint mark, runs;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    // Nothing promises that shared memory keeps what the dispatch before left there; some devices do.
    if (gl_LocalInvocationID.x == 0u) {
#ifdef RIGHT
        runs = 0u;
#else
        runs = mark == 0x5EED1234u ? runs + 1u : 0u;
#endif
        mark = 0x5EED1234u;
    }
    barrier();
    if (i < p.count)
        y[i] = max(x[i], 0.0) + (runs >= 2u ? 1.0 : 0.0);
}
