// SPDX-License-Identifier: Apache-2.0
#version 450
// A part of each sum, and what the parts sum up to.
layout(local_size_x = 8, local_size_y = 4) in;
layout(constant_id = 0) const int PARTS = 1;
#ifdef PARTIAL
layout(std430, binding = 0) readonly buffer Padded { vec4 x[]; };
layout(std430, binding = 1) readonly buffer Weights { float w[]; };
layout(std430, set = 1, binding = 0) writeonly buffer Partial { float y[]; };
layout(push_constant) uniform P { ivec4 size; } p;

void main()
{
    ivec3 at = ivec3(gl_GlobalInvocationID);
    int row = p.size.y / 4;
    if (at.x >= p.size.z || at.y >= p.size.w)
        return;
    float sum = 0.0;
    for (int i = at.z; i < row; i += PARTS)
        for (int k = 0; k < 4 && 4 * i + k < p.size.x; k++)
            sum += x[at.y * row + i][k] * w[at.x * p.size.x + 4 * i + k];
    y[(at.y * p.size.z + at.x) * PARTS + at.z] = sum;
}
#else
layout(std430, binding = 0) readonly buffer Partial { float x[]; };
layout(std430, binding = 1) readonly buffer Bias { float b[]; };
layout(std430, set = 1, binding = 0) writeonly buffer Out { float y[]; };
layout(push_constant) uniform P { ivec2 size; } p;

void main()
{
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    int i = at.y * p.size.x + at.x;
    if (any(greaterThanEqual(at, p.size)))
        return;
    float sum = 0.0;
    for (int part = 0; part < PARTS; part++)
        sum += x[i * PARTS + part];
    y[i] = sum + b[at.x];
}
#endif
