// SPDX-License-Identifier: Apache-2.0
// Where in a file everything of a manifest stands. libcyaml tells lines only in its own messages,
// and most mistakes are found later, when the manifest is held against the operator and the module.
#include "gpu/manifest.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define PLACES_MAX 4096
#define DEPTH_MAX  12

typedef struct level {
    bool sequence;
    int index;     // of the next entry in a sequence
    bool want_key; // in a mapping
    char path[96];
} level;

typedef struct walk {
    assay__manifest *manifest;
    int first_line;
    level stack[DEPTH_MAX];
    int depth;
    bool full;    // too deep or too long: the rest has no places
    int question; // line of the first value "?", 0: none
} walk;

static bool add(walk *w, const char *path, size_t line)
{
    assay__manifest *m = w->manifest;
    if (m->place_count == PLACES_MAX)
        w->full = true;
    if (w->full)
        return true;
    if ((m->place_count & (m->place_count - 1)) == 0) { // at each power of two
        size_t capacity = m->place_count ? 2 * (size_t)m->place_count : 1;
        assay__place *grown = realloc(m->place, capacity * sizeof *grown);
        if (!grown)
            return false;
        m->place = grown;
    }
    assay__place *place = &m->place[m->place_count++];
    snprintf(place->path, sizeof place->path, "%s", path + (path[0] == '.'));
    place->line = w->first_line + (int)line;
    return true;
}

// The path of the value that comes now.
static void value_path(walk *w, char path[96])
{
    path[0] = '\0';
    if (w->depth == 0)
        return;
    level *top = &w->stack[w->depth - 1];
    if (top->sequence) {
        char index[16];
        snprintf(index, sizeof index, "[%d]", top->index++);
        snprintf(path, 96, "%.78s%s", top->path, index);
    } else {
        snprintf(path, 96, "%s", top->path);
        char *dot = strrchr(top->path, '.'); // the key was put there; take it off again
        *(dot ? dot : top->path) = '\0';
        top->want_key = true;
    }
}

static void push_level(walk *w, const char *path, bool sequence)
{
    if (w->depth == DEPTH_MAX) {
        w->full = true;
        return;
    }
    level *top = &w->stack[w->depth++];
    *top = (level){.sequence = sequence, .want_key = !sequence};
    snprintf(top->path, sizeof top->path, "%s", path);
}

static bool visit(walk *w, const yaml_event_t *event)
{
    char path[96];
    size_t line = event->start_mark.line;
    level *top = w->depth ? &w->stack[w->depth - 1] : NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (top && top->want_key) {
            size_t used = strlen(top->path);
            snprintf(top->path + used, sizeof top->path - used, ".%.30s",
                     (const char *)event->data.scalar.value);
            top->want_key = false;
            return add(w, top->path, line);
        }
        value_path(w, path);
        if (w->question == 0 && strcmp((const char *)event->data.scalar.value, "?") == 0)
            w->question = w->first_line + (int)line;
        return !top || !top->sequence || add(w, path, line);
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        value_path(w, path);
        push_level(w, path, event->type == YAML_SEQUENCE_START_EVENT);
        return !top || !top->sequence || add(w, path, line);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        w->depth -= w->depth > 0;
        return true;
    default:
        return true;
    }
}

assay_status assay__places_find(assay__manifest *manifest, const char *text, size_t length,
                                int first_line, assay_error *error)
{
    walk w = {.manifest = manifest, .first_line = first_line};
    yaml_parser_t parser;
    bool done = false;
    assay_status status = ASSAY_OK;
    if (!yaml_parser_initialize(&parser))
        return assay_fail(error, ASSAY_MEMORY, "out of memory for %s", manifest->file);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    while (!done && status == ASSAY_OK) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = assay_fail(error, ASSAY_MANIFEST, "%s:%d: no YAML: %s%s%s", manifest->file,
                                first_line + (int)parser.problem_mark.line,
                                parser.context ? parser.context : "", parser.context ? ": " : "",
                                parser.problem ? parser.problem : "unreadable");
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        if (!w.full && !visit(&w, &event))
            status = assay_fail(error, ASSAY_MEMORY, "out of memory for %s", manifest->file);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (status == ASSAY_OK && w.question)
        status = assay_fail(error, ASSAY_MANIFEST,
                            "%s:%d: a question is still open: put the answer in the place of \"?\"",
                            manifest->file, w.question);
    return status;
}
