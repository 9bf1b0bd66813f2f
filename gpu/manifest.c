// SPDX-License-Identifier: Apache-2.0
#include "gpu/manifest.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the language, key by key

#define OPTIONAL_TEXT (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define TEXT_MAX      4096
#define LIST_MAX      64

static const cyaml_schema_value_t text_value = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, TEXT_MAX)};

#define TEXT(key, structure, member)                                                               \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, structure, member, 1, TEXT_MAX)
#define TEXT_OR_NOT(key, structure, member)                                                        \
    CYAML_FIELD_STRING_PTR(key, OPTIONAL_TEXT, structure, member, 1, TEXT_MAX)
#define LIST(key, flags, structure, member, entry, least)                                          \
    CYAML_FIELD_SEQUENCE(key, CYAML_FLAG_POINTER | (flags), structure, member, entry, least,       \
                         LIST_MAX)

// How a tensor lies in memory: the keys of a binding and of an entry of its list.
#define VIEW_KEYS(structure, at)                                                                   \
    TEXT_OR_NOT("result", structure, at result), TEXT_OR_NOT("layout", structure, at layout),      \
        TEXT_OR_NOT("index", structure, at index),                                                 \
        TEXT_OR_NOT("elements", structure, at elements),                                           \
        TEXT_OR_NOT("offset", structure, at offset),                                               \
        LIST("texel", CYAML_FLAG_OPTIONAL, structure, at texel, &text_value, 1),                   \
        TEXT_OR_NOT("lane", structure, at lane),                                                   \
        TEXT_OR_NOT("lanes", structure, at lanes),                                                 \
        LIST("size", CYAML_FLAG_OPTIONAL, structure, at size, &text_value, 1),                     \
        TEXT_OR_NOT("fill", structure, at fill), TEXT_OR_NOT("gaps", structure, at gaps),          \
        TEXT_OR_NOT("storage", structure, at storage)
#define ITSELF // no member in between

static const cyaml_schema_field_t view_fields[] = {
    TEXT("tensor", assay__manifest_view, tensor),
    VIEW_KEYS(assay__manifest_view, ITSELF),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t view_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_view, view_fields)};

static const cyaml_schema_field_t sampler_fields[] = {
    TEXT_OR_NOT("filter", assay__manifest_sampler, filter),
    TEXT_OR_NOT("address", assay__manifest_sampler, address),
    TEXT_OR_NOT("coordinates", assay__manifest_sampler, coordinates),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t binding_fields[] = {
    CYAML_FIELD_UINT("set", CYAML_FLAG_OPTIONAL, assay__manifest_binding, set),
    CYAML_FIELD_UINT("binding", CYAML_FLAG_DEFAULT, assay__manifest_binding, binding),
    TEXT_OR_NOT("tensor", assay__manifest_binding, view.tensor),
    VIEW_KEYS(assay__manifest_binding, view.),
    LIST("tensors", CYAML_FLAG_OPTIONAL, assay__manifest_binding, tensors, &view_value, 1),
    CYAML_FIELD_MAPPING_PTR("sampler", OPTIONAL_TEXT, assay__manifest_binding, sampler,
                            sampler_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t binding_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_binding, binding_fields)};

static const cyaml_schema_field_t assumption_fields[] = {
    TEXT("tensor", assay__manifest_assumption, tensor),
    TEXT("value", assay__manifest_assumption, value),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t assumption_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_assumption, assumption_fields)};

static const cyaml_schema_field_t scratch_fields[] = {
    TEXT("name", assay__manifest_scratch, name),
    TEXT("elements", assay__manifest_scratch, elements),
    TEXT_OR_NOT("storage", assay__manifest_scratch, storage),
    TEXT_OR_NOT("fill", assay__manifest_scratch, fill),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t scratch_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_scratch, scratch_fields)};

static const cyaml_schema_field_t let_fields[] = {
    TEXT("name", assay__manifest_let, name),
    TEXT("value", assay__manifest_let, value),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t let_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_let, let_fields)};

static const cyaml_schema_field_t member_fields[] = {
    TEXT_OR_NOT("name", assay__manifest_member, name),
    TEXT("type", assay__manifest_member, type),
    TEXT_OR_NOT("value", assay__manifest_member, value),
    LIST("values", CYAML_FLAG_OPTIONAL, assay__manifest_member, values, &text_value, 1),
    CYAML_FIELD_UINT_PTR("offset", OPTIONAL_TEXT, assay__manifest_member, offset),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t member_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_member, member_fields)};

static const cyaml_schema_field_t uniform_fields[] = {
    CYAML_FIELD_UINT("set", CYAML_FLAG_OPTIONAL, assay__manifest_uniform, set),
    CYAML_FIELD_UINT("binding", CYAML_FLAG_DEFAULT, assay__manifest_uniform, binding),
    LIST("members", 0, assay__manifest_uniform, members, &member_value, 1),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t uniform_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_uniform, uniform_fields)};

static const cyaml_schema_field_t subgroup_fields[] = {
    TEXT_OR_NOT("size", assay__manifest_subgroup, size),
    CYAML_FIELD_BOOL_PTR("full", OPTIONAL_TEXT, assay__manifest_subgroup, full),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t constant_fields[] = {
    CYAML_FIELD_UINT("id", CYAML_FLAG_DEFAULT, assay__manifest_constant, id),
    TEXT_OR_NOT("name", assay__manifest_constant, name),
    TEXT("type", assay__manifest_constant, type),
    TEXT("value", assay__manifest_constant, value),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t constant_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_constant, constant_fields)};

static const cyaml_schema_field_t dispatch_fields[] = {
    LIST("threads", CYAML_FLAG_OPTIONAL, assay__manifest_dispatch, threads, &text_value, 1),
    LIST("groups", CYAML_FLAG_OPTIONAL, assay__manifest_dispatch, groups, &text_value, 1),
    TEXT_OR_NOT("flat", assay__manifest_dispatch, flat),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t pass_fields[] = {
    TEXT("name", assay__manifest_pass, name),
    TEXT_OR_NOT("shader", assay__manifest_pass, shader),
    TEXT_OR_NOT("entry", assay__manifest_pass, entry),
    LIST("defines", CYAML_FLAG_OPTIONAL, assay__manifest_pass, defines, &text_value, 0),
    LIST("bindings", CYAML_FLAG_OPTIONAL, assay__manifest_pass, bindings, &binding_value, 1),
    LIST("uniforms", CYAML_FLAG_OPTIONAL, assay__manifest_pass, uniforms, &uniform_value, 0),
    LIST("push", CYAML_FLAG_OPTIONAL, assay__manifest_pass, push, &member_value, 0),
    LIST("constants", CYAML_FLAG_OPTIONAL, assay__manifest_pass, constants, &constant_value, 0),
    CYAML_FIELD_MAPPING_PTR("dispatch", OPTIONAL_TEXT, assay__manifest_pass, dispatch,
                            dispatch_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t pass_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, assay__manifest_pass, pass_fields)};

static const cyaml_schema_field_t contract_fields[] = {
    TEXT("accumulator", assay__manifest_contract, accumulator),
    TEXT_OR_NOT("form", assay__manifest_contract, form),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t manifest_fields[] = {
    TEXT("kernel", assay__manifest_data, kernel),
    TEXT("operator", assay__manifest_data, operator_name),
    TEXT_OR_NOT("summary", assay__manifest_data, summary),
    TEXT_OR_NOT("entry", assay__manifest_data, entry),
    LIST("precisions", 0, assay__manifest_data, precisions, &text_value, 1),
    LIST("layouts", 0, assay__manifest_data, layouts, &text_value, 1),
    CYAML_FIELD_MAPPING("contract", CYAML_FLAG_DEFAULT, assay__manifest_data, contract,
                        contract_fields),
    LIST("let", CYAML_FLAG_OPTIONAL, assay__manifest_data, let, &let_value, 0),
    TEXT_OR_NOT("when", assay__manifest_data, when),
    LIST("bindings", CYAML_FLAG_OPTIONAL, assay__manifest_data, bindings, &binding_value, 1),
    LIST("assumes", CYAML_FLAG_OPTIONAL, assay__manifest_data, assumes, &assumption_value, 0),
    LIST("scratch", CYAML_FLAG_OPTIONAL, assay__manifest_data, scratch, &scratch_value, 0),
    LIST("uniforms", CYAML_FLAG_OPTIONAL, assay__manifest_data, uniforms, &uniform_value, 0),
    LIST("push", CYAML_FLAG_OPTIONAL, assay__manifest_data, push, &member_value, 0),
    LIST("constants", CYAML_FLAG_OPTIONAL, assay__manifest_data, constants, &constant_value, 0),
    CYAML_FIELD_MAPPING_PTR("subgroup", OPTIONAL_TEXT, assay__manifest_data, subgroup,
                            subgroup_fields),
    LIST("defines", CYAML_FLAG_OPTIONAL, assay__manifest_data, defines, &text_value, 0),
    CYAML_FIELD_MAPPING_PTR("dispatch", OPTIONAL_TEXT, assay__manifest_data, dispatch,
                            dispatch_fields),
    LIST("passes", CYAML_FLAG_OPTIONAL, assay__manifest_data, passes, &pass_value, 0),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t manifest_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, assay__manifest_data, manifest_fields)};

// ---- reading

typedef struct log_lines {
    char what[200]; // first message
    int line;       // first of the backtrace: the innermost place
} log_lines;

static void take_log(cyaml_log_t level, void *context, const char *format, va_list arguments)
    ASSAY_PRINTF(3, 0);

static void take_log(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    log_lines *log = context;
    char text[300];
    (void)level; // the configuration asks for errors alone
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    const char *start = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
    if (!log->what[0] && strncmp(start, "Backtrace", 9) != 0)
        snprintf(log->what, sizeof log->what, "%.190s", start);
    const char *line = strstr(text, "(line: ");
    if (line && log->line == 0)
        log->line = atoi(line + 7);
}

static cyaml_config_t configuration(log_lines *log)
{
    return (cyaml_config_t){.log_fn = take_log,
                            .log_ctx = log,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_ERROR,
                            .flags = CYAML_CFG_NO_ALIAS};
}

// libcyaml stands on the key before when it complains of a key: the places know better.
static int line_of_key(const assay__manifest *m, const log_lines *log, int first_line)
{
    const char *colon = strstr(log->what, ": ");
    bool of_key = strncmp(log->what, "Unexpected key", 14) == 0 ||
                  strncmp(log->what, "Mapping field already seen", 26) == 0;
    for (int i = m->place_count - 1; of_key && colon && i >= 0; i--) {
        const char *dot = strrchr(m->place[i].path, '.');
        if (strcmp(dot ? dot + 1 : m->place[i].path, colon + 2) == 0)
            return m->place[i].line;
    }
    return first_line + (log->line ? log->line - 1 : 0);
}

static assay_status load(assay__manifest *m, const char *text, size_t length, int first_line,
                         assay_error *error)
{
    log_lines log = {0};
    cyaml_config_t config = configuration(&log);
    cyaml_data_t *data = NULL;
    cyaml_err_t result =
        cyaml_load_data((const uint8_t *)text, length, &config, &manifest_value, &data, NULL);
    if (result != CYAML_OK)
        return assay_fail(error, ASSAY_MANIFEST, "%s:%d: %s", m->file,
                          line_of_key(m, &log, first_line),
                          log.what[0] ? log.what : cyaml_strerror(result));
    m->data = data;
    if (!data)
        return assay_fail(error, ASSAY_MANIFEST, "%s:%d: the manifest is empty", m->file,
                          first_line);
    return ASSAY_OK;
}

assay_status assay__manifest_create(const char *file, const char *text, size_t length,
                                    int first_line, assay__manifest *manifest, assay_error *error)
{
    memset(manifest, 0, sizeof *manifest);
    if (length > ASSAY__MANIFEST_BYTES_MAX)
        return assay_fail(error, ASSAY_MANIFEST, "%s: a manifest of %zu bytes; at most %zu", file,
                          length, ASSAY__MANIFEST_BYTES_MAX);
    if (memchr(text, '\0', length))
        return assay_fail(error, ASSAY_MANIFEST, "%s: the manifest holds a zero byte", file);
    manifest->file = strdup(file);
    if (!manifest->file)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %s", file);
    assay_status status = assay__places_find(manifest, text, length, first_line, error);
    if (status == ASSAY_OK)
        status = load(manifest, text, length, first_line, error);
    if (status != ASSAY_OK)
        assay__manifest_destroy(manifest);
    return status;
}

void assay__manifest_destroy(assay__manifest *manifest)
{
    log_lines log = {0};
    cyaml_config_t config = configuration(&log);
    if (manifest->data)
        cyaml_free(&config, &manifest_value, manifest->data, 0);
    free(manifest->place);
    free(manifest->file);
    memset(manifest, 0, sizeof *manifest);
}

assay_status assay__manifest_head(const char *file, const char *source, size_t length,
                                  const char **text, size_t *text_length, int *first_line,
                                  assay_error *error)
{
    const char *end = source + length, *start = NULL;
    int line = 1;
    for (const char *at = source; at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline ? newline + 1 : end;
        size_t left = (size_t)(end - at);
        if (!start && left >= 5 && strncmp(at, "/*---", 5) == 0) {
            start = next;
            *first_line = line + 1;
        } else if (start && left >= 5 && strncmp(at, "---*/", 5) == 0) {
            *text = start;
            *text_length = (size_t)(at - start);
            return ASSAY_OK;
        }
        at = next;
    }
    return assay_fail(error, ASSAY_MANIFEST,
                      start ? "%s: the manifest after \"/*---\" has no line \"---*/\" at its end"
                            : "%s: there is no manifest: a line \"/*---\", YAML, a line \"---*/\"; "
                            "`assay check --init` writes a first one",
                      file);
}

// The line of the longest beginning of path that the manifest has.
static int line_of(const assay__manifest *m, const char *path)
{
    size_t best = 0;
    int line = m->place_count ? m->place[0].line : 1;
    for (int i = 0; i < m->place_count; i++) {
        size_t length = strlen(m->place[i].path);
        bool whole = path[length < strlen(path) ? length : 0] == '.' || strlen(path) == length ||
                     (length < strlen(path) && path[length] == '[');
        if (length > best && strncmp(path, m->place[i].path, length) == 0 && whole) {
            best = length;
            line = m->place[i].line;
        }
    }
    return line;
}

bool assay__manifest_has(const assay__manifest *manifest, const char *path)
{
    for (int i = 0; i < manifest->place_count; i++)
        if (strcmp(manifest->place[i].path, path) == 0)
            return true;
    return false;
}

assay_status assay__manifest_fail(const assay__manifest *manifest, assay_error *error,
                                  const char *path, const char *format, ...)
{
    char sentence[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return assay_fail(error, ASSAY_MANIFEST, "%s:%d: %s", manifest->file, line_of(manifest, path),
                      sentence);
}
