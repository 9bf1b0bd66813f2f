// SPDX-License-Identifier: Apache-2.0
// Any bytes as a module: validation, reflection, and the draft of a manifest, which follows its
// instructions.
#include "gpu/draft.h"
#include "reference/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const assay_compile_options none = {0};
    assay_error error = {0};
    char path[64], *text = NULL;
    snprintf(path, sizeof path, "/tmp/assay-fuzz-%ld.spv", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
    assay_status status =
        assay_manifest_draft(path, assay_operator_find("conv2d"), &none, &text, &error);
    if ((status == ASSAY_OK) != (text != NULL) || (status != ASSAY_OK && !error.message[0]))
        abort();
    free(text);
    unlink(path);
    return 0;
}
