// SPDX-License-Identifier: Apache-2.0
/*---
kernel: add_ggml
operator: add
summary: "strided elements over a flat index, divided by multiplications with numbers that the host computed"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
let:
  # x / d is (mulhi(x, mp) + x) >> L
  - {name: hw, value: out.h * out.w}
  - {name: chw, value: out.c * hw}
  - {name: L_w, value: log2(pow2_ceil(out.w))}
  - {name: L_hw, value: log2(pow2_ceil(hw))}
  - {name: L_chw, value: log2(pow2_ceil(chw))}
  - {name: mp_w, value: ((1 << 32) * ((1 << L_w) - out.w)) / out.w + 1}
  - {name: mp_hw, value: ((1 << 32) * ((1 << L_hw) - hw)) / hw + 1}
  - {name: mp_chw, value: ((1 << 32) * ((1 << L_chw) - chw)) / chw + 1}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: out}
push:
  - {name: count, type: uint, value: out.count}
  - {name: size, type: uint, values: [out.w, out.h, out.c, out.n]}
  - {name: a_stride, type: uint, values: ["a.w > 1 ? 1 : 0", "a.h > 1 ? a.w : 0", "a.c > 1 ? a.h * a.w : 0", "a.n > 1 ? a.c * a.h * a.w : 0"]}
  - {name: b_stride, type: uint, values: ["b.w > 1 ? 1 : 0", "b.h > 1 ? b.w : 0", "b.c > 1 ? b.h * b.w : 0", "b.n > 1 ? b.c * b.h * b.w : 0"]}
  - {name: mp, type: uvec3, values: [mp_w, mp_hw, mp_chw], offset: 64}
  - {name: L, type: uint, value: L_w | L_hw << 8 | L_chw << 16}
  - {name: row, type: uint, value: 512 * 512}
dispatch:
  groups: ["min(512, ceil_div(out.count, 256))", "min(512, ceil_div(out.count, 256 * 512))", "ceil_div(out.count, 256 * 512 * 512)"]
---*/
#version 450
layout(local_size_x = 256) in;
layout(std430, binding = 0) readonly buffer A { float a[]; };
layout(std430, binding = 1) readonly buffer B { float b[]; };
layout(std430, binding = 2) writeonly buffer D { float d[]; };
layout(push_constant) uniform P {
    uint count;
    uint size[4], a_stride[4], b_stride[4];
    uvec3 mp;
    uint L;
    uint row;
} p;

uint divide(uint n, uint mp, uint L)
{
    uint high, low;
    umulExtended(n, mp, high, low);
    return (high + n) >> L;
}

void main()
{
    uint i = gl_GlobalInvocationID.z * p.row + gl_GlobalInvocationID.y * 512 * 256 + gl_GlobalInvocationID.x;
    if (i >= p.count)
        return;
    uint n = divide(i, p.mp.z, p.L >> 16);
    uint rest = i - n * p.size[2] * p.size[1] * p.size[0];
    uint c = divide(rest, p.mp.y, p.L >> 8 & 255);
    rest -= c * p.size[1] * p.size[0];
    uint h = divide(rest, p.mp.x, p.L & 255);
    uint w = rest - h * p.size[0];
    d[i] = a[n * p.a_stride[3] + c * p.a_stride[2] + h * p.a_stride[1] + w * p.a_stride[0]] +
           b[n * p.b_stride[3] + c * p.b_stride[2] + h * p.b_stride[1] + w * p.b_stride[0]];
}
