// SPDX-License-Identifier: Apache-2.0
/*---
kernel: texel_linear
operator: linear
summary: "weights and bias in images, four numbers a texel; data in buffers with rows of multiples of four"
precisions: [f32, f16s]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in, index: "n * ceil_div(in.c, 4) * 4 + c",
     elements: "in.n * ceil_div(in.c, 4) * 4", fill: zero, storage: f32}
  - {binding: 1, tensor: weights, texel: [c / 4, o], lane: c % 4,
     size: ["ceil_div(in.c, 4)", out.c], fill: zero}
  - {binding: 2, tensor: bias, texel: [o / 4, 0], lane: o % 4, size: ["ceil_div(out.c, 4)", 1]}
  - {binding: 3, tensor: out, storage: f32}
push:
  - {name: slices, type: int, value: "ceil_div(in.c, 4)"}
  - {name: rows, type: int, value: out.c}
  - {name: batch, type: int, value: out.n}
  - {name: biased, type: int, value: has_bias}
dispatch: {threads: [out.c, out.n]}
---*/
// A number of the result an invocation.
#version 450
#ifdef ASSAY_PRECISION_F32
#define FORMAT rgba32f
#else
#define FORMAT rgba16f
#endif
layout(local_size_x = 16) in;
layout(std430, binding = 0) readonly buffer In { vec4 x[]; };
layout(binding = 1, FORMAT) readonly uniform image2D weights;
layout(binding = 2, FORMAT) readonly uniform image2D bias;
layout(std430, binding = 3) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { int slices, rows, batch, biased; } p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= p.rows || at.y >= p.batch)
        return;
    vec4 sum = vec4(0.0);
    for (int i = 0; i < p.slices; i++)
        sum += imageLoad(weights, ivec2(i, at.x)) * x[at.y * p.slices + i];
    float total = sum.x + sum.y + sum.z + sum.w;
    if (p.biased != 0)
        total += imageLoad(bias, ivec2(at.x / 4, 0))[at.x % 4];
    y[at.y * p.rows + at.x] = total;
}
