// SPDX-License-Identifier: Apache-2.0
// A work group of GROUP invocations, the constant 9 of its kernel: few for short rows, as barriers cost, 256 for long ones.
// JOINERS of them join GROUP / JOINERS partial results each, then all of them those: two barriers before the result, where a
// binary tree would need eight.
layout(local_size_x = 64, local_size_x_id = 9) in;
const uint GROUP = gl_WorkGroupSize.x;

const uint JOINERS = GROUP > 64u ? 16u : 8u;
