// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernel.h"

const char *assay_precision_name(assay_precision precision)
{
    static const char *const names[] = {"f32", "f16s", "f16a"};
    return names[precision];
}

assay_storage assay_kernel_storage(const assay_kernel_info *info, int tensor)
{
    int own = info->own_storage[tensor];
    if (own)
        return (assay_storage)(own - 1);
    return info->precision == ASSAY_F32 ? ASSAY_STORAGE_F32 : ASSAY_STORAGE_F16;
}

const char *assay_layout_name(assay_layout layout)
{
    static const char *const names[] = {"nchw", "nhwc", "nc4hw4", "image"};
    return names[layout];
}
