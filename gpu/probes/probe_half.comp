// SPDX-License-Identifier: Apache-2.0
// One operation of f16 on three arrays of f32 that hold f16 values: out[i] = op(a[i], b[i], c[i]). The numbers of the
// operations are those of assay__probe_op in gpu/probe_internal.h, and the bindings those of probe_arithmetic.comp.
#version 450
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require

layout(local_size_x = 128) in;

layout(std430, set = 0, binding = 0) readonly buffer A { float a_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer B { float b_data[]; };
layout(std430, set = 0, binding = 2) readonly buffer C { float c_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { uint op, count; } p;

// What each comparison says of two numbers, a bit each.
float compare(float16_t a, float16_t b)
{
    int bits = (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a == b ? 4 : 0) + (a != b ? 8 : 0);
    return float(bits + (a > b ? 16 : 0) + (a >= b ? 32 : 0));
}

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i >= p.count)
        return;
    float16_t a = float16_t(a_data[i]), b = float16_t(b_data[i]), c = float16_t(c_data[i]);
    float16_t result = float16_t(0.0);
    switch (p.op) {
    case 0u: result = a; break;
    case 1u: result = a + b; break;
    case 2u: result = a - b; break;
    case 3u: result = a * b; break;
    case 4u: result = fma(a, b, c); break;
    case 5u: result = a * b + c; break;
    case 6u: result = a / b; break;
    case 12u: out_data[i] = compare(a, b); return;
    }
    out_data[i] = float(result);
}
