// SPDX-License-Identifier: Apache-2.0
// Four words an invocation from one buffer to another: what the memory of a device gives a kernel at best.
#version 450
layout(local_size_x = 256) in;

layout(std430, set = 0, binding = 0) readonly buffer From { vec4 from[]; };
layout(std430, set = 0, binding = 1) writeonly buffer To { vec4 to[]; };
layout(push_constant) uniform Params { uint count; } p;

void main()
{
    uint i = (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * 256u + gl_LocalInvocationID.x;
    if (i < p.count)
        to[i] = from[i];
}
