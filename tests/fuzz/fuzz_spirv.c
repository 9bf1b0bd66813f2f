// SPDX-License-Identifier: Apache-2.0
// Modules of anybody's: spirv-val and reflection must survive whatever is in the file.
#include "gpu/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    assay__module module = {0};
    assay_error error = {0};
    if (assay__module_create(data, size, "fuzz.spv", "main", &module, &error) == ASSAY_OK)
        assay__module_destroy(&module);
    return 0;
}
