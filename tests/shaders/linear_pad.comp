// SPDX-License-Identifier: Apache-2.0
#version 450
// Rows of the input, behind each of them zeros.
layout(local_size_x = 8, local_size_y = 4) in;
layout(std430, binding = 0) readonly buffer In { float x[]; };
layout(std430, binding = 1) writeonly buffer Padded { float y[]; };
layout(push_constant) uniform P { ivec3 size; } p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= p.size.y || at.y >= p.size.z)
        return;
    y[at.y * p.size.y + at.x] = at.x < p.size.x ? x[at.y * p.size.x + at.x] : 0.0;
}
