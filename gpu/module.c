// SPDX-License-Identifier: Apache-2.0
#include "gpu/module.h"

#define SPV_ENABLE_UTILITY_CODE // SpvHasResultAndType
#include <spirv-tools/libspirv.h>
#include <spirv_cross_c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *assay__scalar_name(assay__scalar type)
{
    static const char *const names[] = {"int",       "uint",    "float",    "bool",
                                        "float16_t", "int16_t", "uint16_t", "int8_t",
                                        "uint8_t",   "int64_t", "uint64_t", "another type"};
    return names[type];
}

uint32_t assay__scalar_bytes(assay__scalar type)
{
    static const uint32_t bytes[] = {4, 4, 4, 4, 2, 2, 2, 1, 1, 8, 8, 0};
    return bytes[type];
}

assay__type_text assay__type_name(assay__type type)
{
    static const char *const prefix[] = {"i",   "u",  "",   "b",   "f16", "i16",
                                         "u16", "i8", "u8", "i64", "u64"};
    assay__type_text name;
    char count[16] = "";
    if (type.count > 0)
        snprintf(count, sizeof count, "[%u]", type.count);
    if (type.scalar == ASSAY__OTHER || type.lanes == 1)
        snprintf(name.text, sizeof name.text, "%s%s", assay__scalar_name(type.scalar), count);
    else
        snprintf(name.text, sizeof name.text, "%svec%u%s", prefix[type.scalar], type.lanes, count);
    return name;
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

typedef struct search {
    uint32_t id;
    size_t at, found;
} search;

static spv_result_t look_at(void *context, const spv_parsed_instruction_t *instruction)
{
    search *s = context;
    if (instruction->result_id == s->id && !s->found)
        s->found = s->at;
    s->at += instruction->num_words;
    return SPV_SUCCESS;
}

size_t assay__module_result(const assay__module *module, uint32_t id)
{
    search s = {.id = id, .at = ASSAY__SPIRV_FIRST};
    spv_context context = spvContextCreate(SPV_ENV_VULKAN_1_3);
    if (context)
        spvBinaryParse(context, &s, module->words, module->word_count, NULL, look_at, NULL);
    spvContextDestroy(context);
    return s.found;
}

const uint32_t *assay__spirv_at(const assay__module *module, size_t offset)
{
    const uint32_t *word = module->words + offset;
    if (offset >= module->word_count || *word >> 16 == 0 ||
        *word >> 16 > module->word_count - offset)
        return NULL;
    return word;
}

extern inline void SpvHasResultAndType(SpvOp opcode, bool *hasResult, bool *hasResultType);

// Ids that hold, or point to, no float: what relaxed precision says of them changes nothing.
// glslang says it of gl_SubgroupSize and the like.
static void mark_integers(const assay__module *module, uint8_t *integer, uint32_t bound)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(module, i)); i += *word >> 16) {
        uint32_t length = word[0] >> 16, operation = word[0] & 0xFFFF;
        bool result = false, type = false;
        SpvHasResultAndType((SpvOp)operation, &result, &type);
        uint32_t of = 0, id = 0;
        if (result && type && length >= 3) {
            of = word[1];
            id = word[2];
        } else if (result && length >= 2) {
            id = word[1];
            of = operation == SpvOpTypePointer && length >= 4  ? word[3]
                 : operation == SpvOpTypeVector && length >= 3 ? word[2]
                                                               : 0;
        }
        if (id < bound)
            integer[id] = operation == SpvOpTypeInt || operation == SpvOpTypeBool ||
                          (of < bound && integer[of]);
    }
}

static assay_status find_relaxed_precision(assay__module *module, const char *file,
                                           assay_error *error)
{
    uint32_t bound = module->words[3];
    uint8_t *integer = calloc(bound ? bound : 1, 1);
    if (!integer)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %s", file);
    mark_integers(module, integer, bound);
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(module, i)); i += *word >> 16) {
        uint32_t length = word[0] >> 16, operation = word[0] & 0xFFFF;
        if (operation == SpvOpDecorate && length >= 3 && word[2] == SpvDecorationRelaxedPrecision &&
            (word[1] >= bound || !integer[word[1]])) {
            module->relaxed_precision = true;
            module->relaxed_id = module->relaxed_id ? module->relaxed_id : word[1];
        }
        if (operation == SpvOpMemberDecorate && length >= 4 &&
            word[3] == SpvDecorationRelaxedPrecision) {
            module->relaxed_precision = true;
            module->relaxed_block = module->relaxed_block ? module->relaxed_block : word[1];
        }
    }
    free(integer);
    return ASSAY_OK;
}

// Whether texels come by coordinates of a sampler, or an image is asked for its size.
static bool asks_size(const assay__module *module)
{
    const uint32_t *word;
    for (size_t i = ASSAY__SPIRV_FIRST; (word = assay__spirv_at(module, i)); i += *word >> 16) {
        uint32_t operation = *word & 0xFFFF;
        if ((operation >= SpvOpImageSampleImplicitLod &&
             operation <= SpvOpImageSampleProjDrefExplicitLod) ||
            operation == SpvOpImageGather || operation == SpvOpImageDrefGather ||
            operation == SpvOpImageQuerySizeLod || operation == SpvOpImageQuerySize)
            return true;
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
        module->asks_size = asks_size(module);
        status = find_relaxed_precision(module, file, error);
    }
    if (status == ASSAY_OK)
        status = assay__module_reflect(module, file, error);
    if (status != ASSAY_OK)
        assay__module_destroy(module);
    return status;
}

void assay__module_destroy(assay__module *module)
{
    free(module->words);
    memset(module, 0, sizeof *module);
}
