// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pool_mnn
operator: avg_pool2d
summary: "combined samplers and a volume: a mean over windows, channels in fours along z, shapes in a uniform block"
precisions: [f32, f16s]
layouts: [image]
contract: {accumulator: f32}
when: "!ceil_mode"
bindings:
  - {binding: 0, tensor: out}
  - {binding: 1, tensor: in, sampler: {filter: nearest, address: edge}}
uniforms:
  - binding: 2
    members:
      - {name: input_size, type: ivec4, values: [in.w, in.h, in.n * in.s, 1]}
      - {name: output_size, type: ivec4, values: [out.w, out.h, out.n * out.s, 1]}
      - {name: window, type: ivec2, values: [kernel_w, kernel_h]}
      - {name: step, type: ivec2, values: [stride_w, stride_h]}
      - {name: gap, type: ivec2, values: [dilation_w, dilation_h]}
      - {name: pad, type: ivec2, values: [pad_left, pad_top]}
      - {name: divisor, type: float, value: "count_include_pad ? kernel_h * kernel_w : 0"}
dispatch:
  threads: [out.w, out.h, out.n * out.s]
---*/
#version 450
layout(local_size_x = 4, local_size_y = 4) in;
layout(set = 0, binding = 0) writeonly uniform image3D target;
layout(set = 0, binding = 1) uniform sampler3D source;
layout(set = 0, binding = 2) uniform Sizes {
    ivec4 input_size, output_size;
    ivec2 window, step, gap, pad;
    float divisor; // 0: the taps that count
} size;

void main()
{
    ivec3 at = ivec3(gl_GlobalInvocationID);
    if (any(greaterThanEqual(at, size.output_size.xyz)))
        return;
    vec4 sum = vec4(0.0);
    float taps = 0.0;
    ivec2 window = size.window;
    for (int y = 0; y < window.y; y++)
        for (int x = 0; x < window.x; x++) {
            ivec2 from = at.xy * size.step + ivec2(x, y) * size.gap - size.pad;
            if (all(greaterThanEqual(from, ivec2(0))) && all(lessThan(from, size.input_size.xy))) {
                sum += texelFetch(source, ivec3(from, at.z), 0);
                taps += 1.0;
            }
        }
    imageStore(target, at, sum / (size.divisor > 0.0 ? size.divisor : taps));
}
