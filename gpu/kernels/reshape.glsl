// SPDX-License-Identifier: Apache-2.0
// out = in in another shape: the elements keep their numbers, w fastest. In nchw memory does not change. Elsewhere a texel
// is whole where images and channels stay what they are, else it is put together from single channels. The including file
// declares the push constants p: p.shape (the output's), p.from (the input's) and p.words (the output's elements).
#ifdef ASSAY_LAYOUT_NCHW

REAL4 apply(REAL4 x)
{
    return x;
}

#include "elementwise.glsl"

#else

TENSOR_IN(0, in)
TENSOR_OUT(1, out)

REAL4 texel(ivec4 at)
{
    int plane = p.from.z * p.from.w;
    if (p.shape.x == p.from.x && p.shape.y == p.from.y) {
        int i = at.z * p.shape.w + at.w;
        return in_load(p.from, at.x, at.y, i / p.from.w, i % p.from.w);
    }
    REAL4 value = REAL4(0.0);
    for (int lane = 0; lane < 4 && 4 * at.y + lane < p.shape.y; lane++) {
        int i = ((at.x * p.shape.y + 4 * at.y + lane) * p.shape.z + at.z) * p.shape.w + at.w;
        int c = i / plane, rest = i % plane;
        value[lane] = in_one(p.from, c / p.from.y, c % p.from.y, rest / p.from.w, rest % p.from.w);
    }
    return value;
}

#include "gather.glsl"

#endif
