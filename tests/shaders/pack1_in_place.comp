// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pack1_in_place
operator: leaky_relu
summary: "in place; a channel begins at a multiple of 16 bytes, and nothing may touch what lies between"
precisions: [f32, f16s]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - binding: 0
    tensor: in
    result: out
    index: "(n * in.c + c) * ceil_div(in.h * in.w, 8) * 8 + h * in.w + w"
    elements: "in.n * in.c * ceil_div(in.h * in.w, 8) * 8"
push:
  - {name: size, type: int, value: in.h * in.w}
  - {name: channels, type: int, value: in.n * in.c}
  - {name: step, type: int, value: "ceil_div(in.h * in.w, 8) * 8"}
  - {name: slope, type: float, value: alpha}
dispatch: {threads: [in.h * in.w, in.n * in.c]}
---*/
// x = x >= 0 ? x : slope * x, an element an invocation.
#version 450
#extension GL_EXT_shader_16bit_storage : require
#ifdef ASSAY_PRECISION_F32
#define STORED float
#else
#define STORED float16_t
#endif
layout(local_size_x = 64) in;
layout(std430, binding = 0) buffer Blob { STORED x[]; };
layout(push_constant) uniform Params { int size, channels, step; float slope; } p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= p.size || at.y >= p.channels)
        return;
    int i = at.y * p.step + at.x;
    float v = float(x[i]);
    x[i] = STORED(v >= 0.0 ? v : p.slope * v);
}
