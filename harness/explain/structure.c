// SPDX-License-Identifier: Apache-2.0
// Impulses into every input in turn, and what their responses say.
#include "harness/explain/links.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINKS_MAX ASSAY__LINKS_MAX

void assay__without_activation(const assay__workbench *bench, assay_problem *problem)
{
    char reason[160];
    assay_problem plain = *problem;
    int act = assay_attribute_index(problem->op, "act");
    if (act < 0)
        return;
    plain.attribute[act] = problem->op->attributes[act].standard;
    if (assay_problem_infer(&plain, NULL) == ASSAY_OK &&
        assay_kernel_applies(bench->kernel, &plain, reason, sizeof reason))
        *problem = plain;
}

// Whether the check passes with the activation left out: then that is what is wrong.
static assay_status leave_out_activation(assay__workbench *bench, const assay__specimen *s,
                                         const assay_problem *plain, assay_error *error)
{
    assay__specimen *bare = calloc(1, sizeof *bare);
    if (!bare)
        return assay_fail(error, ASSAY_MEMORY, "out of memory for a case");
    bare->c = s->c;
    bare->c.problem = *plain;
    assay_status status = assay_case_format(&bare->c, error);
    if (status == ASSAY_OK)
        status = assay__specimens_run(bench, bare, 1, error);
    if (status == ASSAY_OK && bare->ran && !assay__specimen_fails(bare)) {
        assay__note(bench->out, "without the activation the check passes");
        assay__find(bench->out, ASSAY_CAUSE_activation, 0.9,
                    "without the activation the check passes (%s)", bare->c.text);
    }
    assay__specimen_release(bare);
    free(bare);
    return status;
}

// Each output's responses are all off by the same factor.
static bool one_factor(const assay__links *map)
{
    for (int64_t o = 0; o < map->out_count; o++) {
        double least = (double)INFINITY, most = (double)-INFINITY;
        for (int64_t i = 0; i < map->in_count; i++) {
            int64_t at = assay__links_at(map, i, o);
            if (map->link[at] != ASSAY__BOTH || map->right[at] == 0)
                continue;
            least = fmin(least, (double)(map->kernel[at] / map->right[at]));
            most = fmax(most, (double)(map->kernel[at] / map->right[at]));
        }
        if (most > least + 0.02 * fabs(least))
            return false;
    }
    return map->changed > 0;
}

// Links that are right but for their weight.
static void read_weights(assay__workbench *bench, const assay__links *map)
{
    int64_t turned = 0;
    bool resize = strcmp(map->problem->op->name, "resize") == 0;
    for (int64_t i = 0; i < map->in_count * map->out_count; i++)
        turned += map->link[i] == ASSAY__BOTH && map->kernel[i] * map->right[i] < 0;
    assay_kind kind = assay_operator_kind(map->problem->op);
    bool linear = map->names >= 0 || resize || kind == ASSAY_KIND_MEAN || kind == ASSAY_KIND_ADD;
    if (kind == ASSAY_KIND_MEAN && map->extra == 0 && map->missing == 0 && one_factor(map))
        assay__find(bench->out, ASSAY_CAUSE_divisor, 0.9,
                    "impulses: all elements that an output is made of count too much or too little "
                    "by one factor");
    if (linear && turned * 4 > map->changed)
        assay__find(bench->out, ASSAY_CAUSE_sign, 0.88,
                    "impulses in \"%s\": %" PRId64 " responses have the other sign",
                    map->problem->op->inputs[map->tensor].name, turned);
    if (resize && map->changed)
        assay__find(bench->out, ASSAY_CAUSE_coordinates, 0.8,
                    "the right elements are put together with other weights");
}

static bool is_window(const assay_problem *problem)
{
    return assay_attribute_index(problem->op, "kernel_shape") >= 0;
}

// An output element has to do with one element of each input.
static bool is_point(const assay__links *map)
{
    for (int64_t o = 0; o < map->out_count; o++) {
        int64_t n = 0;
        for (int64_t i = 0; i < map->in_count; i++) {
            uint8_t link = map->link[assay__links_at(map, i, o)];
            n += link == ASSAY__BOTH || link == ASSAY__MISSING;
        }
        if (n > 1)
            return false;
    }
    return true;
}

static void read_map(assay__workbench *bench, const assay__links *map)
{
    const assay_problem *problem = map->problem;
    if (map->names >= 0 && !(map->extra == 0 && map->missing == 0 && one_factor(map)))
        assay__read_named(bench, map);
    else if (map->names >= 0)
        return; // a multiple: the values say which
    else if (is_window(problem) && map->tensor == 0)
        assay__read_windows(bench, map);
    else if (is_point(map))
        assay__read_points(bench, map);
    else
        assay__read_rows(bench, map);
}

assay_status assay__probe_structure(assay__workbench *bench, const assay__specimen *s,
                                    assay_error *error)
{
    assay_problem problem = s->c.problem;
    int64_t out = assay_shape_elements(&problem.output);
    bool clean = true;
    if (bench->unsteady)
        return ASSAY_OK;
    assay__without_activation(bench, &problem);
    if (memcmp(&problem, &s->c.problem, sizeof problem) != 0)
        ASSAY_TRY(leave_out_activation(bench, s, &problem, error));
    for (int i = 0; i < problem.op->input_count; i++) {
        int64_t in = assay_shape_elements(&problem.input[i]);
        if (in > LINKS_MAX / out) {
            clean = false;
            assay__note(bench->out, "\"%s\" has too many elements for impulses",
                        problem.op->inputs[i].name);
            continue;
        }
        if (in == 0 || s->subject.assumed[i] || problem.op->inputs[i].role == ASSAY_ROLE_WEIGHTS)
            continue; // a shader does not have what is assumed
        assay__links map;
        ASSAY_TRY(assay__links_create(bench, &problem, i, &map, error));
        if (map.extra || map.missing || map.changed) {
            clean = false;
            assay__note(bench->out,
                        "impulses in \"%s\": %" PRId64 " of its links to the output are missing, "
                        "%" PRId64 " should not be there, %" PRId64 " have another weight",
                        problem.op->inputs[i].name, map.missing, map.extra, map.changed);
            read_weights(bench, &map);
            read_map(bench, &map);
        }
        assay__links_destroy(&map);
    }
    if (clean)
        assay__note(bench->out, "impulses: every element of the inputs reaches the elements of the "
                                "output that it should, and no others");
    return ASSAY_OK;
}
