// SPDX-License-Identifier: Apache-2.0
/*---
kernel: conv2d_tiled
operator: conv2d
summary: "implicit matrix product in tiles of shared memory; every attribute"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: weights}
  - {binding: 2, tensor: bias}
  - {binding: 3, tensor: out}
push:
  - {name: batch, type: int, value: in.n}
  - {name: in_c, type: int, value: in.c}
  - {name: in_h, type: int, value: in.h}
  - {name: in_w, type: int, value: in.w}
  - {name: out_c, type: int, value: out.c}
  - {name: out_h, type: int, value: out.h}
  - {name: out_w, type: int, value: out.w}
  - {name: kernel_h, type: int, value: kernel_h}
  - {name: kernel_w, type: int, value: kernel_w}
  - {name: stride_h, type: int, value: stride_h}
  - {name: stride_w, type: int, value: stride_w}
  - {name: dilation_h, type: int, value: dilation_h}
  - {name: dilation_w, type: int, value: dilation_w}
  - {name: pad_top, type: int, value: pad_top}
  - {name: pad_left, type: int, value: pad_left}
  - {name: groups, type: int, value: groups}
  - {name: bias, type: int, value: bias}
dispatch:
  groups:
    - "ceil_div(out.n * out.h * out.w, 64)"
    - "ceil_div(out.c / groups, 32)"
    - groups
---*/
// The convolution of conv2d_direct as a product of matrices, for each group: [out channels x K] * [K x pixels], where K
// runs over (channel of the group, ky, kx) and pixels over (n, y, x). A work group of 128 makes 32 channels x 64 pixels,
// 4 x 4 an invocation, 16 of K at a time; the unfolded input is never stored. Places outside of the input and beyond K
// enter as zeros that were never read; a zero of the padding times an infinite weight is NaN here.
#version 450

layout(local_size_x = 128) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer Weights { float weights_data[]; };
layout(std430, set = 0, binding = 2) readonly buffer Bias { float bias_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params {
    int batch, in_c, in_h, in_w, out_c, out_h, out_w;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
    int groups, bias;
} p;

const int CHANNELS = 32, PIXELS = 64, DEPTH = 16;

shared float weights_tile[DEPTH][CHANNELS + 1]; // one more, so that columns fall into different banks
shared float in_tile[DEPTH][PIXELS];

// Input value under tap k of the window whose first tap lies at (y, x); zero outside.
float load_input(int k, int depth, int first, int y, int x, bool inside)
{
    int area = p.kernel_h * p.kernel_w;
    int c = k / area;
    y += k % area / p.kernel_w * p.dilation_h;
    x += k % p.kernel_w * p.dilation_w;
    if (inside && k < depth && y >= 0 && y < p.in_h && x >= 0 && x < p.in_w)
        return in_data[((first + c) * p.in_h + y) * p.in_w + x];
    return 0.0;
}

void main()
{
    int id = int(gl_LocalInvocationID.x);
    int group = int(gl_WorkGroupID.z);
    int channels = p.in_c / p.groups;
    int outputs = p.out_c / p.groups;
    int depth = channels * p.kernel_h * p.kernel_w;
    int plane = p.out_h * p.out_w;
    int first_pixel = int(gl_WorkGroupID.x) * PIXELS;
    int first_channel = int(gl_WorkGroupID.y) * CHANNELS;

    // The one pixel that this invocation loads.
    int pixel = first_pixel + id % PIXELS;
    int n = pixel / plane;
    int y = pixel % plane / p.out_w * p.stride_h - p.pad_top;
    int x = pixel % p.out_w * p.stride_w - p.pad_left;
    int first = n * p.in_c + group * channels;

    float sum[4][4]; // channel, pixel
    for (int i = 0; i < 4; i++) {
        int o = first_channel + id / 16 + 8 * i;
        float start = 0.0;
        if (p.bias != 0 && o < outputs)
            start = bias_data[group * outputs + o];
        for (int j = 0; j < 4; j++)
            sum[i][j] = start;
    }

    for (int k0 = 0; k0 < depth; k0 += DEPTH) {
        for (int r = 0; r < 8; r++) {
            int k = id / PIXELS + 2 * r;
            in_tile[k][id % PIXELS] = load_input(k0 + k, depth, first, y, x, n < p.batch);
        }
        for (int r = 0; r < 4; r++) {
            int o = id / DEPTH + 8 * r;
            int k = k0 + id % DEPTH;
            float weight = 0.0;
            if (first_channel + o < outputs && k < depth)
                weight = weights_data[(group * outputs + first_channel + o) * depth + k];
            weights_tile[id % DEPTH][o] = weight;
        }
        barrier(); // tiles are whole
        for (int k = 0; k < DEPTH; k++) {
            for (int i = 0; i < 4; i++) {
                float weight = weights_tile[k][id / 16 + 8 * i];
                for (int j = 0; j < 4; j++)
                    sum[i][j] += weight * in_tile[k][id % 16 + 16 * j];
            }
        }
        barrier(); // tiles may be overwritten
    }

    for (int j = 0; j < 4; j++) {
        int target = first_pixel + id % 16 + 16 * j;
        if (target >= p.batch * plane)
            continue;
        int base = target / plane * p.out_c * plane + target % plane;
        for (int i = 0; i < 4; i++) {
            int o = first_channel + id / 16 + 8 * i;
            if (o < outputs)
                out_data[base + (group * outputs + o) * plane] = sum[i][j];
        }
    }
}
