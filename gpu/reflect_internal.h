// SPDX-License-Identifier: Apache-2.0
// Between the files that reflect a module.
#ifndef ASSAY_REFLECT_INTERNAL_H
#define ASSAY_REFLECT_INTERNAL_H

#include "gpu/module.h"

#include <spirv_cross_c.h>

typedef struct assay__reflection {
    assay__module *module;
    const char *file;
    spvc_context context;
    spvc_compiler compiler;
    spvc_resources resources;
    assay_error *error;
} assay__reflection;

assay_status assay__spvc_failed(const assay__reflection *r);
assay_status assay__spvc_too_many(const assay__reflection *r, const char *what, int most);

#define ASSAY__TRY_SPVC(call)                                                                      \
    do {                                                                                           \
        if ((call) != SPVC_SUCCESS)                                                                \
            return assay__spvc_failed(r);                                                          \
    } while (0)

void assay__copy_label(char target[ASSAY__LABEL_MAX], const char *name);

// A scalar's type, ASSAY__OTHER for what is none.
assay__scalar assay__scalar_of(spvc_type type);

// Push constants and uniform blocks: their members (reflect_block.c).
ASSAY_CHECKED assay_status assay__reflect_blocks(assay__reflection *r);

#endif
