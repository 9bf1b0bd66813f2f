// SPDX-License-Identifier: Apache-2.0
// The cache of probes: a text file for each device and driver.
//
//   assay-probe 2
//   device <device UUID> <driver UUID> <driver version>
//   flags <rte_f32> <flush_f32> <keeps_nan_f32> <fused_fma> <rte_f16> ... as in probe.h
//   <row's name> TAB <conformant> TAB <value> TAB <allowed>
//   ...
//   sum <XXH3 of everything above, hexadecimal>
//
// A file that is not exactly this, to the last row and the checksum, is as good as none: the device
// is probed again.
#include "gpu/probe_internal.h"

#include "gpu/gpu_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define CACHE_MAX 16384

void assay__probe_cache_path(const assay_device_info *info, char *path, size_t size)
{
    char name[128];
    snprintf(name, sizeof name, "probe-%s-%s-%" PRIx32 ".txt", info->uuid, info->driver_uuid,
             info->driver_version);
    if (!assay__cache_path(name, path, size))
        path[0] = '\0';
}

static size_t encode(const assay_device_info *info, const assay_probe *probe, char *text)
{
    size_t at = 0;
#define PUT(...) at += (size_t)snprintf(text + at, CACHE_MAX - at, __VA_ARGS__)
    PUT("assay-probe %d\ndevice %s %s %" PRIx32 "\n", ASSAY_PROBE_VERSION, info->uuid,
        info->driver_uuid, info->driver_version);
    PUT("flags %d %d %d %d %d %d %d %d %d %d\n", probe->rte_f32, probe->flush_f32,
        probe->keeps_nan_f32, probe->fused_fma, probe->rte_f16, probe->keeps_nan_f16,
        probe->keeps_subnormal_f16, probe->rte_buffer, probe->rte_image,
        probe->keeps_subnormal_load);
    for (int i = 0; i < probe->count; i++) {
        const assay_probe_row *row = &probe->rows[i];
        PUT("%s\t%d\t%s\t%s\n", row->name, row->conformant, row->value, row->allowed);
    }
    PUT("sum %016" PRIx64 "\n", (uint64_t)XXH3_64bits(text, at));
#undef PUT
    return at;
}

// Copies up to `stop` and moves *text behind it; false when there is no stop or no room.
static bool take(const char **text, char stop, char *part, size_t size)
{
    const char *end = strchr(*text, stop);
    if (!end || (size_t)(end - *text) >= size)
        return false;
    memcpy(part, *text, (size_t)(end - *text));
    part[end - *text] = '\0';
    *text = end + 1;
    return true;
}

static bool decode_row(const char **text, assay_probe_row *row)
{
    char name[64], conformant[8];
    if (!take(text, '\t', name, sizeof name) || strcmp(name, row->name) != 0)
        return false;
    if (!take(text, '\t', conformant, sizeof conformant))
        return false;
    row->conformant = strcmp(conformant, "1") == 0;
    return take(text, '\t', row->value, sizeof row->value) &&
           take(text, '\n', row->allowed, sizeof row->allowed);
}

// Reads what encode writes, and nothing else: the result is encoded again and must give the same
// bytes.
static bool decode(const char *text, const assay_device_info *info, assay_probe *probe)
{
    const char *at = text;
    char line[256];
    bool *const flags[] = {&probe->rte_f32,
                           &probe->flush_f32,
                           &probe->keeps_nan_f32,
                           &probe->fused_fma,
                           &probe->rte_f16,
                           &probe->keeps_nan_f16,
                           &probe->keeps_subnormal_f16,
                           &probe->rte_buffer,
                           &probe->rte_image,
                           &probe->keeps_subnormal_load};
    if (!take(&at, '\n', line, sizeof line) || !take(&at, '\n', line, sizeof line) ||
        !take(&at, '\n', line, sizeof line))
        return false;
    if (strlen(line) != strlen("flags") + 2 * sizeof flags / sizeof *flags)
        return false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *flags[i] = line[strlen("flags ") + 2 * i] == '1';
    for (int i = 0; i < probe->count; i++)
        if (!decode_row(&at, &probe->rows[i]))
            return false;
    char again[CACHE_MAX];
    encode(info, probe, again);
    return strcmp(again, text) == 0;
}

bool assay__probe_cache_read(const char *path, const assay_device_info *info, assay_probe *probe)
{
    void *data = NULL;
    size_t size = 0;
    char text[CACHE_MAX];
    if (!path[0] || !assay__cache_read(path, &data, &size))
        return false;
    bool fits = size < sizeof text && !memchr(data, '\0', size);
    if (fits)
        memcpy(text, data, size);
    text[fits ? size : 0] = '\0';
    free(data);
    return decode(text, info, probe);
}

void assay__probe_cache_write(const char *path, const assay_device_info *info,
                              const assay_probe *probe)
{
    char text[CACHE_MAX];
    if (path[0])
        assay__cache_write(path, text, encode(info, probe, text));
}
