// SPDX-License-Identifier: Apache-2.0
/*---
kernel: widened_sum
operator: reduce_sum
summary: "f16 data, an f32 result; the partial sums are added to a buffer that begins as zero"
precisions: [f16s]
layouts: [nchw]
contract: {accumulator: f32}
when: axes_h && axes_w && !axes_n && !axes_c
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out, storage: f32}
  - {binding: 2, tensor: total}
scratch:
  - {name: total, elements: out.count, fill: zero}
push:
  - {name: rows, type: int, value: in.h}
  - {name: columns, type: int, value: in.w}
  - {name: planes, type: int, value: out.count}
passes:
  - name: rows
    constants: [{id: 0, type: bool, value: 0}]
    dispatch: {threads: [out.count]}
  - name: store
    constants: [{id: 0, type: bool, value: 1}]
    dispatch: {threads: [out.count]}
---*/
// The sum of a plane an invocation, row by row.
#version 450
#extension GL_EXT_shader_16bit_storage : require
layout(local_size_x = 64) in;
layout(constant_id = 0) const bool STORE = false;
layout(std430, binding = 0) readonly buffer In { float16_t x[]; };
layout(std430, binding = 1) writeonly buffer Out { float y[]; };
layout(std430, binding = 2) buffer Total { float t[]; };
layout(push_constant) uniform Params { int rows, columns, planes; } p;

void main()
{
    int i = int(gl_GlobalInvocationID.x);
    if (i >= p.planes)
        return;
    if (STORE) {
        y[i] = t[i];
        return;
    }
    for (int h = 0; h < p.rows; h++) {
        float sum = 0.0;
        for (int w = 0; w < p.columns; w++)
            sum += float(x[(i * p.rows + h) * p.columns + w]);
        t[i] += sum;
    }
}
