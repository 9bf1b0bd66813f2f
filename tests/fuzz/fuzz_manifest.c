// SPDX-License-Identifier: Apache-2.0
// Manifests of anybody's: YAML, keys and every expression in them.
#include "gpu/expression.h"
#include "gpu/manifest.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool any_name(const void *context, const char *name, int64_t *value)
{
    (void)context;
    *value = (int64_t)strlen(name) - 3; // some names are zero, some negative
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    assay__manifest manifest = {0};
    assay_error error = {0};
    if (assay__manifest_create("fuzz.yaml", (const char *)data, size, 1, &manifest, &error) ==
        ASSAY_OK)
        assay__manifest_destroy(&manifest);
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    assay__expression *expression = NULL;
    int64_t value;
    if (assay__expression_parse(text, &expression, &error) == ASSAY_OK) {
        assay_status status = assay__expression_value(expression, any_name, NULL, &value, &error);
        if (status != ASSAY_OK && status != ASSAY_MANIFEST)
            abort(); // an expression fails as the manifest it stands in
        assay__expression_destroy(expression);
    }
    free(text);
    return 0;
}
