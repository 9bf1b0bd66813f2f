// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel.h"

const char *assay_precision_name(assay_precision precision)
{
    static const char *const names[] = {"f32", "f16s", "f16a"};
    return names[precision];
}

const char *assay_layout_name(assay_layout layout)
{
    static const char *const names[] = {"nchw", "nhwc", "nc4hw4", "image"};
    return names[layout];
}
