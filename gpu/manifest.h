// SPDX-License-Identifier: Apache-2.0
// A manifest as it is written: YAML read into a structure, with the line of everything in it. What
// it means is found by assay__recipe_create. The language is described in docs/manifests.md.
#ifndef ASSAY_MANIFEST_H
#define ASSAY_MANIFEST_H

#include "reference/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASSAY__MANIFEST_BYTES_MAX ((size_t)1 << 20)

typedef struct assay__manifest_sampler {
    char *filter, *address, *coordinates; // NULL: nearest, edge, normalized
} assay__manifest_sampler;

// How a tensor lies in what is bound; NULL where it is not said.
typedef struct assay__manifest_view {
    char *tensor;
    char *result; // the output, which takes the tensor's place
    char *layout;
    char *index, *elements, *offset;
    char **texel;
    unsigned texel_count;
    char *lane;  // NULL where a texel has one
    char *lanes; // of a texel; NULL: four
    char **size;
    unsigned size_count;
    char *fill, *gaps, *storage;
} assay__manifest_view;

typedef struct assay__manifest_binding {
    uint32_t set, binding;
    assay__manifest_view view;     // tensor NULL: there is a list, or a sampler alone
    assay__manifest_view *tensors; // in one buffer
    unsigned tensors_count;
    assay__manifest_sampler *sampler;
} assay__manifest_binding;

typedef struct assay__manifest_assumption {
    char *tensor;
    char *value;
} assay__manifest_assumption;

typedef struct assay__manifest_scratch {
    char *name;
    char *elements;
    char *storage, *fill; // NULL: f32, garbage
} assay__manifest_scratch;

typedef struct assay__manifest_let {
    char *name;
    char *value;
} assay__manifest_let;

typedef struct assay__manifest_member { // of a block: push constants, or a uniform block
    char *name;                         // NULL or for the reader alone
    char *type;
    char *value; // or a list
    char **values;
    unsigned values_count;
    uint32_t *offset; // NULL: right behind the one before
} assay__manifest_member;

typedef struct assay__manifest_uniform {
    uint32_t set, binding;
    assay__manifest_member *members;
    unsigned members_count;
} assay__manifest_uniform;

typedef struct assay__manifest_subgroup {
    char *size; // NULL: the device's
    bool *full;
} assay__manifest_subgroup;

typedef struct assay__manifest_constant {
    uint32_t id;
    char *name; // NULL or for the reader alone
    char *type;
    char *value;
} assay__manifest_constant;

typedef struct assay__manifest_dispatch {
    char **threads;
    unsigned threads_count;
    char **groups;
    unsigned groups_count;
    char *flat;
} assay__manifest_dispatch;

typedef struct assay__manifest_pass {
    char *name;
    char *shader; // NULL: that of the manifest
    char *entry;
    char **defines;
    unsigned defines_count;
    assay__manifest_binding *bindings;
    unsigned bindings_count;
    assay__manifest_uniform *uniforms;
    unsigned uniforms_count;
    assay__manifest_member *push;
    unsigned push_count;
    assay__manifest_constant *constants;
    unsigned constants_count;
    assay__manifest_dispatch *dispatch;
} assay__manifest_pass;

typedef struct assay__manifest_contract {
    char *accumulator;
    char *form; // NULL: standard
} assay__manifest_contract;

typedef struct assay__manifest_data {
    char *kernel;
    char *operator_name;
    char *summary;
    char *entry; // NULL: main
    char **precisions;
    unsigned precisions_count;
    char **layouts;
    unsigned layouts_count;
    assay__manifest_contract contract;
    assay__manifest_let *let;
    unsigned let_count;
    char *when; // NULL: always
    assay__manifest_binding *bindings;
    unsigned bindings_count;
    assay__manifest_assumption *assumes;
    unsigned assumes_count;
    assay__manifest_scratch *scratch;
    unsigned scratch_count;
    assay__manifest_uniform *uniforms;
    unsigned uniforms_count;
    assay__manifest_member *push;
    unsigned push_count;
    assay__manifest_constant *constants;
    unsigned constants_count;
    assay__manifest_subgroup *subgroup;
    char **defines;
    unsigned defines_count;
    assay__manifest_dispatch *dispatch;
    assay__manifest_pass *passes;
    unsigned passes_count;
} assay__manifest_data;

typedef struct assay__place { // "push[3].value" and the line of the file that it stands on
    char path[96];
    int line;
} assay__place;

typedef struct assay__manifest {
    char *file; // for messages
    assay__manifest_data *data;
    assay__place *place;
    int place_count;
} assay__manifest;

// Parses YAML. `first_line` is the line of the file on which the text begins. Syntax, an unknown or
// a missing key is ASSAY_MANIFEST with file and line.
ASSAY_CHECKED assay_status assay__manifest_create(const char *file, const char *text, size_t length,
                                                  int first_line, assay__manifest *manifest,
                                                  assay_error *error);
void assay__manifest_destroy(assay__manifest *manifest);

// Finds the YAML between a line that starts with "/*---" and "---*/" in the text of a shader.
// ASSAY_MANIFEST when there is none.
ASSAY_CHECKED assay_status assay__manifest_head(const char *file, const char *source, size_t length,
                                                const char **text, size_t *text_length,
                                                int *first_line, assay_error *error);

// ASSAY_MANIFEST: "<file>:<line>: <sentence>". `path` names the place ("bindings[2].tensor"); where
// the manifest has no such place, its longest beginning that exists is taken.
assay_status assay__manifest_fail(const assay__manifest *manifest, assay_error *error,
                                  const char *path, const char *format, ...) ASSAY_PRINTF(4, 5);

// Whether the manifest has such a place: a list that was given may be empty.
bool assay__manifest_has(const assay__manifest *manifest, const char *path);

// Fills manifest->place from the text (places.c).
ASSAY_CHECKED assay_status assay__places_find(assay__manifest *manifest, const char *text,
                                              size_t length, int first_line, assay_error *error);

#endif
