// SPDX-License-Identifier: Apache-2.0
/*---
kernel: lrn
operator: lrn
summary: "four channels of one pixel an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
when: "size < 1048576"
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: in}
  - {name: size, type: int, value: size}
  - {name: alpha, type: float, value: alpha}
  - {name: beta, type: float, value: beta}
  - {name: bias, type: float, value: bias}
dispatch: {flat: "out.texels"}
---*/
// out = in / (bias + alpha sum / size)^beta, the sum being that of the squares of `size` channels around this one:
// (size - 1) / 2 before it and size / 2 behind it. Four channels of one pixel an invocation.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

layout(push_constant) uniform Params {
    ivec4 shape;
    int size;
    float alpha, beta, bias;
} p;

void main()
{
    ivec4 at = texel_place(int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x), p.shape);
    if (at.x >= p.shape.x)
        return;
    int before = (p.size - 1) / 2, after = p.size / 2, channels = p.shape.y;
    ivec4 channel = ivec4(4 * at.y) + ivec4(0, 1, 2, 3);
    int first = max(channel.x - before, 0), last = min(channel.w + after, channels - 1);
    REAL4 sum = REAL4(0.0);
    for (int s = first / 4; s <= last / 4; s++) {
        REAL4 x = mask_lanes(in_load(p.shape, at.x, s, at.z, at.w), s, channels, REAL(0.0));
        for (int lane = 0; lane < 4; lane++) {
            ivec4 distance = ivec4(4 * s + lane) - channel;
            bvec4 near = equal(clamp(distance, ivec4(-before), ivec4(after)), distance);
            sum += mix(REAL4(0.0), REAL4(x[lane] * x[lane]), near);
        }
    }
    REAL4 base = REAL(p.bias) + REAL(p.alpha) * sum / REAL(p.size);
    REAL4 x = in_load(p.shape, at.x, at.y, at.z, at.w);
    out_store(p.shape, at.x, at.y, at.z, at.w, x / pow(base, REAL4(p.beta)));
}
