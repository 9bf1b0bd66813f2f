// SPDX-License-Identifier: Apache-2.0
/*---
kernel: shared_matmul
operator: linear
summary: "f16 weights in rows of their own step; data, bias and result at offsets of one f32 buffer"
precisions: [f32]
layouts: [nchw]
contract: {accumulator: f32}
bindings:
  - {binding: 0, tensor: weights, storage: f16, index: "o * ceil_div(in.c, 32) * 32 + c"}
  - binding: 1
    tensors:
      - {tensor: bias, offset: 16}
      - {tensor: in, offset: "16 + ceil_div(out.c, 8) * 8", index: "n * (in.c + 3) + c"}
      - {tensor: out, index: "c + n * (out.c + 5)",
         offset: "16 + ceil_div(out.c, 8) * 8 + in.n * (in.c + 3)"}
  - {binding: 2, tensor: out}
push:
  - {name: rows, type: int, value: out.c}
  - {name: columns, type: int, value: in.c}
  - {name: batch, type: int, value: in.n}
  - {name: weights_nb1, type: int, value: "ceil_div(in.c, 32) * 64"}
  - {name: in_nb1, type: int, value: (in.c + 3) * 4}
  - {name: out_nb1, type: int, value: (out.c + 5) * 4}
  - {name: bias_at, type: int, value: 64}
  - {name: in_at, type: int, value: "64 + ceil_div(out.c, 8) * 32"}
  - {name: out_at, type: int, value: "64 + ceil_div(out.c, 8) * 32 + in.n * (in.c + 3) * 4"}
  - {name: biased, type: int, value: has_bias}
dispatch: {threads: [out.c, in.n]}
---*/
// A number of the result an invocation. Places and steps come in bytes.
#version 450
#extension GL_EXT_shader_16bit_storage : require
layout(local_size_x = 32) in;
layout(std430, binding = 0) readonly buffer Weights { float16_t w[]; };
layout(std430, binding = 1) readonly buffer Data { float x[]; };
layout(std430, binding = 2) writeonly buffer Result { float y[]; };
layout(push_constant) uniform Params {
    int rows, columns, batch, weights_nb1, in_nb1, out_nb1, bias_at, in_at, out_at, biased;
} p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= p.rows || at.y >= p.batch)
        return;
    float sum = p.biased != 0 ? x[p.bias_at / 4 + at.x] : 0.0;
    for (int i = 0; i < p.columns; i++)
        sum += float(w[at.x * p.weights_nb1 / 2 + i]) * x[(p.in_at + at.y * p.in_nb1) / 4 + i];
    y[(p.out_at + at.y * p.out_nb1) / 4 + at.x] = sum;
}
