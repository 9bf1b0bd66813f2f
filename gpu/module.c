// SPDX-License-Identifier: Apache-2.0
#include "gpu/module.h"

#include <spirv-tools/libspirv.h>
#include <spirv_cross_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *assay__scalar_name(assay__scalar type)
{
    static const char *const names[] = {"int", "uint", "float", "bool", "ivec4", "another type"};
    return names[type];
}

static assay_status check_head(const void *data, size_t bytes, const char *file, assay_error *error)
{
    uint32_t magic = 0;
    if (bytes > ASSAY__MODULE_BYTES_MAX)
        return assay_fail(error, ASSAY_SPIRV,
                          "%s: %zu bytes are too many for a SPIR-V module; at most %zu", file,
                          bytes, ASSAY__MODULE_BYTES_MAX);
    if (bytes < 20)
        return assay_fail(error, ASSAY_SPIRV, "%s: %zu bytes are too few for a SPIR-V module", file,
                          bytes);
    memcpy(&magic, data, sizeof magic);
    if (magic == __builtin_bswap32(SpvMagicNumber))
        return assay_fail(error, ASSAY_SPIRV, "%s: SPIR-V of the other byte order", file);
    if (magic != SpvMagicNumber)
        return assay_fail(error, ASSAY_SPIRV,
                          "%s: no SPIR-V module: it starts with %08x instead of %08x", file, magic,
                          (unsigned)SpvMagicNumber);
    if (bytes % 4 != 0)
        return assay_fail(error, ASSAY_SPIRV,
                          "%s: %zu bytes are no SPIR-V module: not a multiple of 4", file, bytes);
    return ASSAY_OK;
}

static assay_status validate(const assay__module *module, const char *file, assay_error *error)
{
    spv_diagnostic diagnostic = NULL;
    spv_context context = spvContextCreate(SPV_ENV_VULKAN_1_3);
    if (!context)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for spirv-val");
    struct spv_const_binary_t binary = {module->words, module->word_count};
    spv_result_t result = spvValidate(context, &binary, &diagnostic);
    assay_status status = ASSAY_OK;
    if (result != SPV_SUCCESS)
        status =
            assay_fail(error, ASSAY_SPIRV, "%s: spirv-val rejects word %zu: %.600s", file,
                       diagnostic ? diagnostic->position.index : 0,
                       diagnostic && diagnostic->error ? diagnostic->error : "no reason given");
    spvDiagnosticDestroy(diagnostic);
    spvContextDestroy(context);
    return status;
}

// Looks through the instructions of a valid module.
static bool has_relaxed_precision(const assay__module *module)
{
    for (size_t i = 5; i < module->word_count;) {
        const uint32_t *word = module->words + i;
        uint32_t length = word[0] >> 16, operation = word[0] & 0xFFFF;
        if (length == 0)
            return false;
        if (operation == SpvOpDecorate && length >= 3 && word[2] == SpvDecorationRelaxedPrecision)
            return true;
        if (operation == SpvOpMemberDecorate && length >= 4 &&
            word[3] == SpvDecorationRelaxedPrecision)
            return true;
        i += length;
    }
    return false;
}

assay_status assay__module_create(const void *data, size_t bytes, const char *file,
                                  const char *entry, assay__module *module, assay_error *error)
{
    memset(module, 0, sizeof *module);
    ASSAY_TRY(check_head(data, bytes, file, error));
    module->words = malloc(bytes);
    if (!module->words)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %s", file);
    memcpy(module->words, data, bytes);
    module->word_count = bytes / 4;
    module->version = module->words[1];
    module->hash = assay__hash(data, bytes);
    snprintf(module->entry, sizeof module->entry, "%s", entry);
    assay_status status = validate(module, file, error);
    if (status == ASSAY_OK) {
        module->relaxed_precision = has_relaxed_precision(module);
        status = assay__module_reflect(module, file, error);
    }
    if (status != ASSAY_OK)
        assay__module_destroy(module);
    return status;
}

void assay__module_destroy(assay__module *module)
{
    free(module->words);
    memset(module, 0, sizeof *module);
}
