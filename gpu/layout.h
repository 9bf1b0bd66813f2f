// SPDX-License-Identifier: Apache-2.0
// How a logical tensor lies in memory: the one place that packs and unpacks. What a tensor is for
// (its role) and its letters decide together with the kernel's precision and layout.
//
// - DATA of rank 4 or "nc": nchw; nhwc; nc4hw4 and image: texels of four channels, [n][slice][h][w]
// - WEIGHTS with o and i or c: in nchw dense; else ohwi4: [o][h][w][slice], four input channels
// each
// - PIXELS: a word a pixel, red lowest, [n][h][w] in every layout
// - everything else: dense, in the order of its letters
//
// Or a manifest says it element by element: then a map decides.
#ifndef ASSAY_LAYOUT_H
#define ASSAY_LAYOUT_H

#include "gpu/map.h"

// The halves of ASSAY_POISON_BITS are NaN as well. Prefill of an output, by run; of f16, where each
// half is a NaN, and of pixels, where any pattern is a colour: both runs have to hold theirs.
#define ASSAY__PREFILL_HALF_0  UINT16_C(0x7EAD)
#define ASSAY__PREFILL_HALF_1  UINT16_C(0x7EEF)
#define ASSAY__PREFILL_PIXEL_0 UINT8_C(0xAD)
#define ASSAY__PREFILL_PIXEL_1 UINT8_C(0xEF)

// Distances are in elements: float, float16_t, or the bytes of a pixel.
typedef struct assay__packing {
    assay_storage storage;
    bool image;                    // an image of texels, `layers` of `width` x `height`
    int64_t size[4];               // n, c, h, w; of weights o, i, h, w
    int64_t from[4];               // between neighbours along each, in the logical tensor
    int64_t to[4];                 // in memory; along c between slices where lanes is 4
    int64_t lanes;                 // 4 where four channels lie together, else 1
    bool inner;                    // slices of weights lie inside of x and y
    int64_t elements;              // in memory, spare lanes and padding of an image included
    int64_t bytes;                 // a multiple of 4
    int64_t width, height, layers; // of texels in memory
    int64_t texel;                 // lanes of one of them
    const assay__map *map;         // instead of `to`; not owned
} assay__packing;

// The layout of an input or of ASSAY__TENSOR_OUT: the variant's, where its binding names no other.
assay_layout assay__tensor_layout(const assay_kernel_info *info, int tensor);

// Lanes of a texel of an image: four, where its binding does not say one or two.
int assay__texel_lanes(const assay_kernel_info *info, int tensor);

// `tensor` is an input's index or ASSAY__TENSOR_OUT, and present.
assay__packing assay__packing_of(const assay_kernel_info *info, const assay_problem *problem,
                                 int tensor);

// The same where the elements lie as a map says.
void assay__packing_take_map(assay__packing *packing, const assay__map *map);

// An image of one texel that stands for a tensor that is not there.
assay__packing assay__packing_nothing(const assay_kernel_info *info, int tensor);

// Slices of four channels (1 where there are no channels); elements in memory as a shader counts
// them: pixels of PIXELS, else floats or halves.
int64_t assay__packing_slices(const assay__packing *packing);
int64_t assay__packing_words(const assay__packing *packing);

// The same tensor in a larger image.
void assay__packing_enlarge(assay__packing *packing, int64_t width, int64_t height, int64_t layers);

// From and to dense, row-major f32. pack leaves what is no logical element untouched. unpack gives
// ASSAY_PREFILL_BITS_<run> for an element that holds the prefill, and ASSAY_POISON_BITS for half of
// the poison.
void assay__pack(const assay__packing *packing, const float *logical, void *packed);
void assay__unpack(const assay__packing *packing, int run, const void *packed, float *logical);

// Prefills an output: elements and spare lanes, which a kernel may write.
void assay__prefill(const assay__packing *packing, int run, void *packed);

// The lanes of an input that are no channel, in the second run: infinities, of either sign by
// turns. In the first one they are poison, which a maximum or a comparison may pass over.
void assay__pack_beside(const assay__packing *packing, void *packed);

// How many logical elements of `packed` have other bits than pack gave them; the first in *first,
// else -1.
int64_t assay__packing_changed(const assay__packing *packing, const float *logical,
                               const void *packed, int64_t *first);

// How many words hold something other than poison where no element lies; the byte offset of the
// first in *first. `lanes`: spare lanes may hold anything; else poison, or what pack_beside wrote.
int64_t assay__packing_stray(const assay__packing *packing, bool lanes, const void *packed,
                             int64_t *first);

// What stands where no element of a tensor lies, within the memory that it takes: in lanes that are
// no channel, in the gaps of a map.
typedef enum assay__spare {
    ASSAY__SPARE_HOSTILE, // poison in the first run, infinities in the second: of inputs
    ASSAY__SPARE_POISON,  // of outputs that keep it
    ASSAY__SPARE_PREFILL, // of outputs that may write there
    ASSAY__SPARE_ZERO,
    ASSAY__SPARE_ANY, // whatever a kernel wrote
} assay__spare;

// Memory that held poison gets it.
void assay__spare_fill(const assay__packing *packing, int run, assay__spare what, void *packed);

// What was found in places that hold no element: 4-byte words, byte offsets of the first from
// `packed`.
typedef struct assay__spare_report {
    int64_t stray, stray_offset;     // changed
    int64_t nonzero, nonzero_offset; // not zero where `what` is ASSAY__SPARE_ZERO
} assay__spare_report;

// Whether it is still there; and poison elsewhere, in what an image was enlarged by. `phase` is the
// byte of a poison word that `packed` begins with. `below`, or NULL: an input in the same memory,
// whose elements stood there and may have become anything but what has to be zero.
assay__spare_report assay__spare_check(const assay__packing *packing, const assay__packing *below,
                                       int run, assay__spare what, int phase, const void *packed);

// What a lone prefill of pixels in one run stands for: a colour.
void assay__pixels_settle(float *run0, float *run1, int64_t count);

#endif
