// SPDX-License-Identifier: Apache-2.0
// gl_NumWorkGroups as a constant: the input becomes a private variable with an initial value.
#include "gpu/spirv_edit.h"

#include <spirv_cross_c.h>

static uint32_t variable_of(const assay__module *module)
{
    const assay__edit view = {.module = module};
    return assay__edit_builtin(&view, SpvBuiltInNumWorkgroups);
}

bool assay__reads_group_count(const assay__module *module)
{
    return variable_of(module) != 0;
}

static void declare(assay__edit *edit, const uint32_t groups[3])
{
    uint32_t number = assay__edit_type(edit, SpvOpTypeInt, 2, (uint32_t[]){32, 0});
    uint32_t vector = assay__edit_type(edit, SpvOpTypeVector, 2, (uint32_t[]){number, 3});
    uint32_t pointer =
        assay__edit_type(edit, SpvOpTypePointer, 2, (uint32_t[]){SpvStorageClassPrivate, vector});
    edit->part =
        assay__edit_type(edit, SpvOpTypePointer, 2, (uint32_t[]){SpvStorageClassPrivate, number});
    uint32_t value[5] = {vector};
    for (int axis = 0; axis < 3; axis++)
        value[2 + axis] = assay__edit_constant(edit, number, groups[axis]);
    value[1] = edit->bound++;
    assay__emit(&edit->globals, SpvOpConstantComposite, 5, value);
    assay__emit(&edit->globals, SpvOpVariable, 4,
                (uint32_t[]){pointer, edit->replaced, SpvStorageClassPrivate, value[1]});
}

assay_status assay__fix_group_count(const assay__module *module, const uint32_t groups[3],
                                    uint32_t **words, size_t *count, assay_error *error)
{
    assay__edit edit;
    *words = NULL;
    ASSAY_TRY(assay__edit_begin(module, &edit, error));
    edit.replaced = variable_of(module);
    if (edit.replaced)
        declare(&edit, groups);
    assay_status status = assay__edit_write(&edit, edit.main, words, count, error);
    assay__edit_end(&edit);
    return status;
}
