// SPDX-License-Identifier: Apache-2.0
// What is the same for every result of a run, wherever it runs.
#include "harness/doctor.h"

#include "harness/version.h"

#include <cblas.h>
#include <cyaml/cyaml.h>
#include <hdf5.h>
#include <protobuf-c/protobuf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <xxhash.h>
#include <zip.h>

// Variables that can change a result or decide which device it comes from.
static const char *const variables[] = {
    "VK_DRIVER_FILES", "VK_ICD_FILENAMES",  "VK_ADD_DRIVER_FILES",  "VK_LOADER_LAYERS_ENABLE",
    "LP_NUM_THREADS",  "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "ASSAY_DEVICE",
    "ASSAY_VALIDATE",  "NODEVICE_SELECT",
};

// Appends, cut to fit.
static void append(char *buffer, size_t size, const char *separator, const char *text)
{
    size_t used = strlen(buffer);
    if (used + 1 < size)
        snprintf(buffer + used, size - used, "%s%s", used ? separator : "", text);
}

const char *assay_libraries(char *buffer, size_t size)
{
    char piece[160];
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(buffer, size, "HDF5 %u.%u.%u", major, minor, release);
    snprintf(piece, sizeof piece, "OpenBLAS %.60s on %.40s", openblas_get_config(),
             openblas_get_corename());
    append(buffer, size, ", ", piece);
    snprintf(piece, sizeof piece, "protobuf-c %s", protobuf_c_version());
    append(buffer, size, ", ", piece);
    snprintf(piece, sizeof piece, "libcyaml %s", cyaml_version_str);
    append(buffer, size, ", ", piece);
    snprintf(piece, sizeof piece, "libzip %s", zip_libzip_version());
    append(buffer, size, ", ", piece);
    unsigned v = XXH_versionNumber();
    snprintf(piece, sizeof piece, "xxHash %u.%u.%u", v / 10000, v / 100 % 100, v % 100);
    append(buffer, size, ", ", piece);
    return buffer;
}

static void fill_host(char *out, size_t size)
{
    struct utsname system;
    char line[256], model[160] = "unknown processor";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "model name : %159[^\n]", model) == 1)
            break;
    if (file)
        fclose(file);
    if (uname(&system) == 0)
        snprintf(out, size, "%s, %s %s %s", model, system.sysname, system.release, system.machine);
    else
        snprintf(out, size, "%s", model);
}

static void fill_started(char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;
    out[0] = '\0';
    if (!getenv("SOURCE_DATE_EPOCH") && gmtime_r(&now, &utc))
        strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void assay_run_info_fill(assay_run_info *run, int argc, char **argv)
{
    char piece[512];
    memset(run, 0, sizeof *run);
    snprintf(run->version, sizeof run->version, "%s", ASSAY_VERSION);
    append(run->arguments, sizeof run->arguments, " ", "assay");
    for (int i = 0; i < argc; i++)
        append(run->arguments, sizeof run->arguments, " ", argv[i]);
    fill_host(run->host, sizeof run->host);
    assay_libraries(run->libraries, sizeof run->libraries);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (!value)
            continue;
        snprintf(piece, sizeof piece, "%s=%.400s", variables[i], value);
        append(run->environment, sizeof run->environment, " ", piece);
    }
    fill_started(run->started, sizeof run->started);
}
