// SPDX-License-Identifier: Apache-2.0
/*---
kernel: pad
operator: pad
summary: "one texel an invocation, whole where no channels are padded"
precisions: [f32, f16s]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: in}
  - {binding: 1, tensor: out}
push:
  - {name: shape, type: ivec4, value: out}
  - {name: from, type: ivec4, value: in}
  - {name: before, type: ivec4, value: before}
  - {name: mode, type: int, value: mode}
  - {name: value, type: float, value: value}
dispatch: {flat: out.texels}
---*/
// Where the source lies outside of the input it is mirrored at the edge, or brought to it, or is the constant.
#version 450

#include "tensor.glsl"

layout(push_constant) uniform Params { ivec4 shape; ivec4 from; ivec4 before; int mode; float value; } p;

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

const int CONSTANT = 0, REFLECT = 1;

// Brings a place into the input; false: it is the constant's.
bool bring_in(inout ivec4 place)
{
    ivec4 last = p.from - 1;
    ivec4 inside = clamp(place, ivec4(0), last);
    if (p.mode == CONSTANT)
        return place == inside;
    if (p.mode == REFLECT)
        inside = last - abs(last - abs(place)); // an extent of 1 is never padded
    place = inside;
    return true;
}

REAL4 texel(ivec4 at)
{
    ivec4 place = ivec4(at.x, 4 * at.y, at.z, at.w) - p.before;
    if (p.before.y == 0 && (p.shape.y == p.from.y || 4 * at.y + 4 <= p.from.y))
        return bring_in(place) ? in_load(p.from, place.x, place.y / 4, place.z, place.w) : REAL4(p.value);
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++) {
        place = ivec4(at.x, 4 * at.y + lane, at.z, at.w) - p.before;
        value[lane] = bring_in(place) ? in_one(p.from, place.x, place.y, place.z, place.w) : REAL(p.value);
    }
    return value;
}

#include "gather.glsl"
