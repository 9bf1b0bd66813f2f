// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pack4_conv
operator: conv2d
summary: "packs of four channels, 4 x 4 weights a block; spare channels are zero"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
when: groups == 1 && !has_residual && act == 0
bindings:
  - binding: 0
    tensor: in
    index: "((n * in.s + c / 4) * ceil_div(in.h * in.w, 4) * 4 + h * in.w + w) * 4 + c % 4"
    elements: "in.n * in.s * ceil_div(in.h * in.w, 4) * 16"
    fill: zero
  - binding: 1
    tensor: weights
    index: "(((o / 4 * in.s + i / 4) * kernel_h + h) * kernel_w + w) * 16 + o % 4 * 4 + i % 4"
    elements: "out.s * in.s * kernel_h * kernel_w * 16"
    fill: zero
  - binding: 2
    tensor: bias
    index: o
    elements: "out.s * 4"
    fill: zero
  - binding: 3
    tensor: out
    index: "((n * out.s + c / 4) * ceil_div(out.h * out.w, 4) * 4 + h * out.w + w) * 4 + c % 4"
    elements: "out.n * out.s * ceil_div(out.h * out.w, 4) * 16"
    gaps: free
push:
  - {name: in_shape, type: ivec4, value: in}
  - {name: out_shape, type: ivec4, value: out}
  - {name: kernel_h, type: int, value: kernel_h}
  - {name: kernel_w, type: int, value: kernel_w}
  - {name: stride_h, type: int, value: stride_h}
  - {name: stride_w, type: int, value: stride_w}
  - {name: dilation_h, type: int, value: dilation_h}
  - {name: dilation_w, type: int, value: dilation_w}
  - {name: pad_top, type: int, value: pad_top}
  - {name: pad_left, type: int, value: pad_left}
  - {name: in_step, type: int, value: "ceil_div(in.h * in.w, 4) * 4"}
  - {name: out_step, type: int, value: "ceil_div(out.h * out.w, 4) * 4"}
  - {name: biased, type: int, value: has_bias}
dispatch: {threads: [out.w, out.h, out.n * out.s]}
---*/
// Four output channels an invocation: sums of 4 x 4 blocks of weights times packs of the input.
#version 450
layout(local_size_x = 8, local_size_y = 8) in;
layout(std430, binding = 0) readonly buffer In { vec4 x[]; };
layout(std430, binding = 1) readonly buffer Weights { mat4 k[]; };
layout(std430, binding = 2) readonly buffer Bias { vec4 b[]; };
layout(std430, binding = 3) writeonly buffer Out { vec4 y[]; };
layout(push_constant) uniform Params {
    ivec4 in_shape, out_shape;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
    int in_step, out_step, biased;
} p;

void main()
{
    int slices = (p.in_shape.y + 3) / 4, out_slices = (p.out_shape.y + 3) / 4;
    ivec3 at = ivec3(gl_GlobalInvocationID); // x, y, n * slices + slice
    if (at.x >= p.out_shape.w || at.y >= p.out_shape.z || at.z >= p.out_shape.x * out_slices)
        return;
    int n = at.z / out_slices, o = at.z % out_slices;
    vec4 sum = p.biased != 0 ? b[o] : vec4(0.0);
    for (int s = 0; s < slices; s++)
        for (int h = 0; h < p.kernel_h; h++)
            for (int w = 0; w < p.kernel_w; w++) {
                int iy = at.y * p.stride_h - p.pad_top + h * p.dilation_h;
                int ix = at.x * p.stride_w - p.pad_left + w * p.dilation_w;
                if (iy < 0 || iy >= p.in_shape.z || ix < 0 || ix >= p.in_shape.w)
                    continue;
                vec4 v = x[(n * slices + s) * p.in_step + iy * p.in_shape.w + ix];
                sum += v * k[((o * slices + s) * p.kernel_h + h) * p.kernel_w + w];
            }
    y[at.z * p.out_step + at.y * p.out_shape.w + at.x] = sum;
}
