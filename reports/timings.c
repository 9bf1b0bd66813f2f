// SPDX-License-Identifier: Apache-2.0
// Where the time of a run went.
#include "reports/report_internal.h"

#include <inttypes.h>

static double sum_of(const assay_result *results, size_t count, size_t field)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += *(const double *)(const void *)((const char *)&results[i] + field);
    return sum;
}

static void put_phase(FILE *out, const char *name, double seconds, double all, const char *what)
{
    fprintf(out, "  %-10s %10.3f s  %5.1f %%  %s\n", name, seconds,
            all > 0 ? 100 * seconds / all : 0, what);
}

void assay_report_timings(FILE *out, const assay_result *results, size_t count, double wall_s,
                          double store_s)
{
    static const struct {
        const char *name;
        size_t field;
        const char *what;
    } phases[] = {
        {"generate",  offsetof(assay_result, generate_s),  "filling the inputs"                   },
        {"reference", offsetof(assay_result, reference_s), "the reference and its bound"          },
        {"pipeline",  offsetof(assay_result, pipeline_s),  "creating pipelines"                   },
        {"transfer",  offsetof(assay_result, transfer_s),  "packing, copying, guards, unpacking"  },
        {"GPU",       offsetof(assay_result, gpu_s),       "from submission to completion"        },
        {"compare",   offsetof(assay_result, compare_s),   "holding outputs against the reference"},
    };
    assay__numbers numbers = assay__numbers_begin();
    double work = store_s;
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        work += sum_of(results, count, phases[i].field);
    // Phases of several threads may add up to more than the clock shows: shares are of the larger
    // of the two.
    double all = work > wall_s ? work : wall_s;
    fprintf(out, "time of the run\n");
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        put_phase(out, phases[i].name, sum_of(results, count, phases[i].field), all,
                  phases[i].what);
    put_phase(out, "store", store_s, all, "writing the journal and the results");
    put_phase(out, "other", all - work, all,
              "planning, starting the device, talk between processes");
    double harness = all - sum_of(results, count, offsetof(assay_result, reference_s)) -
                     sum_of(results, count, offsetof(assay_result, gpu_s));
    fprintf(out, "  %-10s %10.3f s", "wall", wall_s);
    if (work > wall_s)
        fprintf(out, "  (%.3f s of work on several threads)", work);
    assay_tally tally = assay_tally_of(results, count);
    int64_t ran =
        tally.total - tally.count[ASSAY_VERDICT_SKIP]; // a skip costs nothing and proves nothing
    fprintf(out, "\n%" PRId64 " checks run", ran);
    if (wall_s > 0)
        fprintf(out, ", %.1f a second", (double)ran / wall_s);
    fprintf(out, "; harness share (all but GPU and reference) %.1f %%\n",
            all > 0 ? 100 * harness / all : 0);
    assay__numbers_end(&numbers);
}
