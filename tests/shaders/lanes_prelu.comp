// SPDX-License-Identifier: Apache-2.0
/*---
kernel: lanes_prelu
operator: prelu
summary: "images of one lane: a volume whose slices are channels; slopes in a row, in pairs of lanes; a sampler for the data"
precisions: [f32, f16s]
layouts: [image]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: in, texel: [w, h, n * in.c + c], lanes: 1, size: [in.w, in.h, in.n * in.c], sampler: {}}
  - {binding: 1, tensor: out, texel: [w, h, n * out.c + c], lanes: 1, size: [out.w, out.h, out.n * out.c]}
  - {binding: 2, tensor: slope, texel: [c / 2], lane: c % 2, lanes: 2, size: ["ceil_div(in.c, 2)"], fill: zero}
push:
  - {name: size, type: ivec3, values: [out.w, out.h, out.n * out.c]}
  - {name: channels, type: int, value: out.c}
dispatch: {threads: [out.w, out.h, out.n * out.c]}
---*/
// A number an invocation.
#version 450
#ifdef ASSAY_PRECISION_F32
#define ONE r32f
#define TWO rg32f
#else
#define ONE r16f
#define TWO rg16f
#endif
layout(local_size_x = 4, local_size_y = 4, local_size_z = 2) in;
layout(binding = 0) uniform sampler3D source;
layout(binding = 1, ONE) writeonly uniform image3D target;
layout(binding = 2, TWO) readonly uniform image1D slopes;
layout(push_constant) uniform Params { ivec3 size; int channels; } p;

void main()
{
    ivec3 at = ivec3(gl_GlobalInvocationID);
    if (any(greaterThanEqual(at, p.size)))
        return;
    int c = at.z % p.channels;
    float x = texelFetch(source, at, 0).r, slope = imageLoad(slopes, c / 2)[c % 2];
    imageStore(target, at, vec4(x < 0.0 ? slope * x : x));
}
