// SPDX-License-Identifier: Apache-2.0
// One built-in function on an array: out[i] = f(a[i]). The numbers of the functions are those of assay__probe_function in
// gpu/probe_internal.h; the bindings are those of probe_arithmetic.comp, so that both run in the same way.
#version 450

layout(local_size_x = 128) in;

layout(std430, set = 0, binding = 0) readonly buffer A { float a_data[]; };
layout(std430, set = 0, binding = 3) writeonly buffer Out { float out_data[]; };

layout(push_constant) uniform Params { uint op, count; } p;

void main()
{
    uint i = gl_GlobalInvocationID.x;
    if (i >= p.count)
        return;
    float a = a_data[i];
    float result = 0.0;
    switch (p.op) {
    case 0u: result = exp(a); break;
    case 1u: result = exp2(a); break;
    case 2u: result = log(a); break;
    case 3u: result = log2(a); break;
    case 4u: result = sqrt(a); break;
    case 5u: result = inversesqrt(a); break;
    case 6u: result = sin(a); break;
    case 7u: result = cos(a); break;
    case 8u: result = tanh(a); break;
    }
    out_data[i] = result;
}
