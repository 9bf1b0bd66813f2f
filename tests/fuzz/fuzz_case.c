// SPDX-License-Identifier: Apache-2.0
// Any bytes as a case string: what parses has one spelling, which parses back to the same case.
#include "fixtures/case.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static assay_case c, again;
    assay_error error = {0};
    char *text = malloc(size + 1); // of its own size, so that a read beyond it is seen
    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    assay_status status = assay_case_parse(text, &c, &error);
    free(text);
    if (status != ASSAY_OK) {
        if (status != ASSAY_CASE && status != ASSAY_SHAPE)
            abort();
        if (!error.message[0])
            abort();
        return 0;
    }
    if (assay_case_parse(c.text, &again, &error) != ASSAY_OK || strcmp(c.text, again.text) != 0)
        abort();
    if (c.seed != again.seed || c.dataset != again.dataset || strcmp(c.vector, again.vector) != 0 ||
        !assay_shape_equal(&c.problem.output, &again.problem.output))
        abort();
    return 0;
}
