// SPDX-License-Identifier: Apache-2.0
// Multiply-adds in registers, eight independent chains of four lanes: what the f32 units of a device give at best.
// 1024 rounds make 2 * 4 * 8 * 1024 = 65536 operations an invocation.
#version 450
layout(local_size_x = 256) in;

layout(std430, set = 0, binding = 0) writeonly buffer Result { float result[]; };
layout(push_constant) uniform Params { float factor, addend; } p;

void main()
{
    vec4 a = vec4(p.factor), b = vec4(p.addend), chain[8];
    for (int i = 0; i < 8; i++)
        chain[i] = vec4(float(gl_LocalInvocationID.x) * 0.0009765625 + float(i));
    for (int round = 0; round < 1024; round++)
        for (int i = 0; i < 8; i++)
            chain[i] = fma(chain[i], a, b);
    vec4 s = vec4(0.0);
    for (int i = 0; i < 8; i++)
        s += chain[i];
    result[gl_GlobalInvocationID.x] = s.x + s.y + s.z + s.w;
}
