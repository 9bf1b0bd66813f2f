// SPDX-License-Identifier: Apache-2.0
// Numbers the work groups of a dispatch that is folded into x and y: Vulkan promises 65535 groups an axis, not more.
uint flat_group()
{
    return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}
