// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pitched_pixels
operator: image_to_tensor
summary: "rows of pixels begin at multiples of 64 bytes"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: pixels, index: "(n * pixels.h + h) * ceil_div(pixels.w, 16) * 64 + w * 4 + c",
     elements: "pixels.n * pixels.h * ceil_div(pixels.w, 16) * 64"}
  - {binding: 1, tensor: scale}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: width, type: int, value: pixels.w}
  - {name: height, type: int, value: pixels.h}
  - {name: batch, type: int, value: pixels.n}
  - {name: pitch, type: int, value: "ceil_div(pixels.w, 16) * 16"}
dispatch: {threads: [pixels.w, pixels.h, pixels.n]}
---*/
// A pixel an invocation, to planes of red, green and blue.
#version 450
layout(local_size_x = 16) in;
layout(std430, binding = 0) readonly buffer Pixels { uint pixels[]; };
layout(std430, binding = 1) readonly buffer Scale { float scale[]; };
layout(std430, binding = 2) readonly buffer Bias { float bias[]; };
layout(std430, binding = 3) writeonly buffer Out { float y[]; };
layout(push_constant) uniform Params { int width, height, batch, pitch; } p;

void main()
{
    ivec3 at = ivec3(gl_GlobalInvocationID);
    if (at.x >= p.width)
        return;
    uint pixel = pixels[(at.z * p.height + at.y) * p.pitch + at.x];
    for (int c = 0; c < 3; c++)
        y[((at.z * 3 + c) * p.height + at.y) * p.width + at.x] =
            float(pixel >> (8 * c) & 255u) * scale[c] + bias[c];
}
