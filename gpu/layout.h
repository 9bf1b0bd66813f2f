// SPDX-License-Identifier: Apache-2.0
// Layouts: how a logical tensor lies in a buffer. Packing runs on the host, here and nowhere else.
#ifndef ASSAY_LAYOUT_H
#define ASSAY_LAYOUT_H

#include "gpu/kernel.h"

#define ASSAY_LAYOUTS    (ASSAY_IMAGE + 1)
#define ASSAY_PRECISIONS (ASSAY_F16A + 1)

// True when tensors of this layout and precision can be packed.
bool assay__layout_exists(assay_layout layout, assay_precision precision);

// Bytes of a tensor in a layout and precision; a multiple of 4.
size_t assay__layout_bytes(assay_layout layout, assay_precision precision, const assay_shape *shape);

// From the dense logical array to the layout, and back. What no element owns stays as it is: poison.
void assay__layout_pack(assay_layout layout, assay_precision precision, const assay_shape *shape,
                        const float *logical, void *packed);
void assay__layout_unpack(assay_layout layout, assay_precision precision, const assay_shape *shape,
                          const void *packed, float *logical);

#endif
