// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "gpu/probe.h"

#include <stdio.h>
#include <stdlib.h>

static void print_device(const assay_device_info *d)
{
    printf("%d  %s (%s)\n", d->index, d->name, d->type);
    printf("   Vulkan %u.%u.%u, driver %s\n", d->api_version >> 22 & 0x7F,
           d->api_version >> 12 & 0x3FF, d->api_version & 0xFFF, d->driver);
    printf("   uuid %s, driver uuid %s\n", d->uuid, d->driver_uuid);
    printf("   subgroup %u, group <= %u invocations, shared %u KiB, push constants %u B, buffers "
           "<= %llu MiB\n",
           d->subgroup_size, d->max_group_invocations, d->max_shared_bytes >> 10, d->max_push_bytes,
           (unsigned long long)d->max_buffer_range >> 20);
    printf("   declares: RTE f32 %s, NaN kept f32 %s, subnormals kept f32 %s, f16 arithmetic %s\n",
           d->rte_f32 ? "yes" : "no", d->nan_f32 ? "yes" : "no",
           d->denorm_preserve_f32 ? "yes" : "no", d->shader_f16 ? "yes" : "no");
}

static assay_status probe(int index, int *defects, assay_error *error)
{
    char selector[16], contract[160];
    assay_device *device = NULL;
    assay_probe result = {0};
    snprintf(selector, sizeof selector, "%d", index);
    assay_device_options options = {.selector = selector};
    assay_status status = assay_device_open(&options, &device, error);
    if (status == ASSAY_OK)
        status = assay_probe_device(device, true, &result, error);
    for (int i = 0; status == ASSAY_OK && i < result.count; i++) {
        const assay_probe_row *row = &result.rows[i];
        *defects += !row->conformant;
        printf("   %-24s %-14s %-22s %s%s\n", row->name, row->value, row->allowed, row->summary,
               row->conformant ? "" : "  DEVICE DEFECT");
    }
    if (status == ASSAY_OK) {
        assay_contract c = assay_probe_summary(&result);
        printf("   contract: %s\n", assay_contract_format(&c, contract, sizeof contract));
    }
    assay_probe_destroy(&result);
    assay_device_close(device);
    return status;
}

int cmd_devices(int argc, char **argv)
{
    bool wants_probe = false;
    const char *only = NULL;
    const cli_option options[] = {
        {"probe",  0,   CLI_FLAG, NULL, "measure rounding, flushing, NaN and the error of functions",
         &wants_probe,                                                                                       NULL},
        {"device", 'd', CLI_TEXT, "D",  "only this one",                                              &only, NULL},
    };
    const cli_command command = {
        .usage = "devices [--probe] [--device D]",
        .about =
            "Lists the Vulkan devices. --probe runs small shaders that measure what a device's\n"
            "arithmetic really does; bounds are derived from what was proven. Columns: name, "
            "measured,\n"
            "allowed by the specification, what it is. Exit code 1 when a device breaks the "
            "specification.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
    };
    assay_device_info *list = NULL;
    assay_error error = {0};
    int count, code, devices = 0, chosen = -1, defects = 0;
    if (cli_parse(&command, argc, argv, &count, &code) == CLI_EXIT)
        return code;
    assay_status status = assay_device_list(&list, &devices, &error);
    if (status == ASSAY_OK && only)
        status = assay_device_select(list, devices, only, &chosen, &error);
    for (int i = 0; status == ASSAY_OK && i < devices; i++) {
        if (chosen >= 0 && i != chosen)
            continue;
        print_device(&list[i]);
        if (wants_probe)
            status = probe(i, &defects, &error);
    }
    free(list);
    return status != ASSAY_OK ? cli_fail(&error) : defects ? 1 : 0;
}
