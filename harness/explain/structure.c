// SPDX-License-Identifier: Apache-2.0
// Impulses into every input in turn, and what their responses say.
#include "harness/explain/map.h"

#include <inttypes.h>
#include <string.h>

#define LINKS_MAX INT64_C(20000000)

// The same problem without what hides sums: the activation.
static void without_activation(const assay__workbench *bench, assay_problem *problem)
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

static bool is_window(const assay_problem *problem)
{
    return assay_attribute_index(problem->op, "kernel_shape") >= 0;
}

// An output element has to do with one element of each input.
static bool is_point(const assay__map *map)
{
    for (int64_t o = 0; o < map->out_count; o++) {
        int64_t n = 0;
        for (int64_t i = 0; i < map->in_count; i++) {
            uint8_t link = map->link[assay__map_at(map, i, o)];
            n += link == ASSAY__BOTH || link == ASSAY__MISSING;
        }
        if (n > 1)
            return false;
    }
    return true;
}

static void read_map(assay__workbench *bench, const assay__map *map)
{
    const assay_problem *problem = map->problem;
    if (map->names >= 0)
        assay__read_named(bench, map);
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
    without_activation(bench, &problem);
    for (int i = 0; i < problem.op->input_count; i++) {
        int64_t in = assay_shape_elements(&problem.input[i]);
        if (in == 0 || in > LINKS_MAX / out || problem.op->inputs[i].role == ASSAY_ROLE_WEIGHTS)
            continue;
        assay__map map;
        ASSAY_TRY(assay__map_create(bench, &problem, i, &map, error));
        if (map.extra || map.missing || map.changed) {
            clean = false;
            assay__note(bench->out,
                        "impulses in \"%s\": %" PRId64 " of its links to the output are missing, "
                        "%" PRId64 " should not be there, %" PRId64 " have another weight",
                        problem.op->inputs[i].name, map.missing, map.extra, map.changed);
            read_map(bench, &map);
        }
        assay__map_destroy(&map);
    }
    if (clean)
        assay__note(bench->out, "impulses: every element of the inputs reaches the elements of the "
                                "output that it should, and no others");
    return ASSAY_OK;
}
