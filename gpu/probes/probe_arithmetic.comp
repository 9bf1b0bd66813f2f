// SPDX-License-Identifier: Apache-2.0
// One operation on three arrays: out[i] = op(a[i], b[i], c[i]). The operands are only known at run time, so that nothing is
// computed by the compiler. The numbers of the operations are those of assay__probe_op in gpu/probe_internal.h.
#version 450

layout(local_size_x = 128) in;

layout(std430, set = 0, binding = 0) readonly buffer A { float a_data[]; };
layout(std430, set = 0, binding = 1) readonly buffer B { float b_data[]; };
layout(std430, set = 0, binding = 2) readonly buffer C { float c_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { uint op, count; } p;

// What each comparison says of two numbers, a bit each.
float compare(float a, float b)
{
    int bits = (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a == b ? 4 : 0) + (a != b ? 8 : 0);
    return float(bits + (a > b ? 16 : 0) + (a >= b ? 32 : 0));
}

// The eight numbers from a[8 i] on, one after the other.
float sum_of_eight(uint i)
{
    float sum = 0.0;
    for (uint j = 0u; j < 8u; j++)
        sum += a_data[i / 8u * 8u + j];
    return sum;
}

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i >= p.count)
        return;
    float a = a_data[i], b = b_data[i], c = c_data[i];
    float result = 0.0;
    switch (p.op) {
    case 0u: result = a; break;
    case 1u: result = a + b; break;
    case 2u: result = a - b; break;
    case 3u: result = a * b; break;
    case 4u: result = fma(a, b, c); break;
    case 5u: result = a * b + c; break;
    case 6u: result = a / b; break;
    case 7u: result = float(packHalf2x16(vec2(a, 0.0)) & 0xFFFFu); break;
    case 8u: result = unpackHalf2x16(uint(a)).x; break;
    case 9u: result = min(a, b); break;
    case 10u: result = max(a, b); break;
    case 11u: result = clamp(a, b, c); break;
    case 12u: result = compare(a, b); break;
    case 13u: result = sum_of_eight(i); break;
    }
    out_data[i] = result;
}
