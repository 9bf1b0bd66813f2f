// SPDX-License-Identifier: Apache-2.0
#include "gpu/debug_lines.h"

#include "gpu/spirv_edit.h"

#include <spirv_cross_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const assay__module *module, uint32_t id, uint32_t operation)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(module, i)); i += *word >> 16)
        if ((*word & 0xFFFF) == operation && word[1] == id)
            return (const char *)(word + 2);
    return "";
}

const char *assay__name_of(const assay__module *module, uint32_t id)
{
    return text_of(module, id, SpvOpName);
}

static bool ends_block(uint32_t operation)
{
    return (operation >= SpvOpBranch && operation <= SpvOpUnreachable) ||
           operation == SpvOpFunctionEnd;
}

const char *assay__line_of(const assay__module *module, size_t offset, char *buffer, size_t size)
{
    const uint32_t *word;
    uint32_t file = 0, line = 0;
    for (size_t i = ASSAY__SPIRV_FIRST; i < offset && (word = assay__spirv_at(module, i));
         i += *word >> 16) {
        uint32_t operation = *word & 0xFFFF;
        if (operation == SpvOpLine) {
            file = word[1];
            line = word[2];
        } else if (operation == SpvOpNoLine || ends_block(operation)) {
            line = 0;
        }
    }
    buffer[0] = '\0';
    if (line)
        snprintf(buffer, size, "%s:%u", text_of(module, file, SpvOpString), line);
    return buffer;
}

static bool reads(uint32_t operation)
{
    return operation == SpvOpLoad || operation == SpvOpCopyMemory ||
           (operation >= SpvOpAtomicLoad && operation <= SpvOpAtomicXor &&
            operation != SpvOpAtomicStore);
}

size_t assay__first_read(const assay__module *module, uint32_t variable)
{
    uint32_t bound = module->words[3];
    const uint32_t *word;
    bool *part = calloc(bound, sizeof *part); // pointers into the variable
    size_t found = 0;
    if (!part || variable >= bound)
        goto done;
    part[variable] = true;
    for (size_t i = ASSAY__SPIRV_FIRST; !found && (word = assay__spirv_at(module, i));
         i += *word >> 16) {
        uint32_t operation = *word & 0xFFFF, length = *word >> 16;
        bool chain = operation == SpvOpAccessChain || operation == SpvOpInBoundsAccessChain ||
                     operation == SpvOpCopyObject;
        if (chain && length > 3 && word[2] < bound && word[3] < bound)
            part[word[2]] = part[word[3]];
        uint32_t from = operation == SpvOpCopyMemory ? word[2] : length > 3 ? word[3] : 0;
        if (reads(operation) && from < bound && part[from])
            found = i;
    }
done:
    free(part);
    return found;
}

const char *assay__relaxed_place(const assay__module *module, char *buffer, size_t size)
{
    char line[200] = "";
    const char *name = assay__name_of(module, module->relaxed_block);
    if (module->relaxed_id)
        assay__line_of(module, assay__module_result(module, module->relaxed_id), line, sizeof line);
    if (!*name)
        name = assay__name_of(module, module->relaxed_id);
    if (*name && line[0])
        snprintf(buffer, size, "\"%s\" and at %s", name, line);
    else if (*name)
        snprintf(buffer, size, "\"%s\"", name);
    else
        snprintf(buffer, size, "%s%s", line[0] ? "at " : "", line);
    return buffer;
}
