// SPDX-License-Identifier: Apache-2.0
// out[i] = apply(in[i]). The including file declares the push constants p, with p.count, and float apply(float).
// A group takes 512 neighbours, an invocation every 128th of them: neighbouring invocations touch neighbouring words.
#include "flat.glsl"

layout(local_size_x = 128) in;

layout(std430, set = 0, binding = 0) readonly buffer In { float in_data[]; };
layout(std430, set = 0, binding = 1) writeonly buffer Out { float out_data[]; };

void main()
{
    uint first = flat_group() * 512u + gl_LocalInvocationID.x;
    for (uint j = 0u; j < 4u; j++) {
        uint i = first + j * 128u;
        if (i < uint(p.count))
            out_data[i] = apply(in_data[i]);
    }
}
