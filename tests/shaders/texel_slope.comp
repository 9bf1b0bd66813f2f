// SPDX-License-Identifier: Apache-2.0
/*---
kernel: texel_slope
operator: leaky_relu
summary: "an image of one layer: slices of four channels side by side, the batch from top to bottom"
precisions: [f32, f16s]
layouts: [image]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in, texel: [c / 4 * in.w + w, n * in.h + h], lane: c % 4,
     size: [in.s * in.w, in.n * in.h], fill: zero}
  - {binding: 1, tensor: out, texel: [c / 4 * out.w + w, n * out.h + h], lane: c % 4,
     size: [out.s * out.w, out.n * out.h], gaps: free}
push:
  - {name: width, type: int, value: out.s * out.w}
  - {name: height, type: int, value: out.n * out.h}
  - {name: slope, type: float, value: alpha}
dispatch: {threads: [out.s * out.w, out.n * out.h]}
---*/
// A texel an invocation.
#version 450
#ifdef ASSAY_PRECISION_F32
#define FORMAT rgba32f
#else
#define FORMAT rgba16f
#endif
layout(local_size_x = 8, local_size_y = 8) in;
layout(binding = 0, FORMAT) readonly uniform image2D source;
layout(binding = 1, FORMAT) writeonly uniform image2D target;
layout(push_constant) uniform Params { int width, height; float slope; } p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= p.width || at.y >= p.height)
        return;
    vec4 v = imageLoad(source, at);
    imageStore(target, at, mix(p.slope * v, v, greaterThanEqual(v, vec4(0.0))));
}
