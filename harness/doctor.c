// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor.h"

#include "gpu/device.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

typedef void look(assay_finding *finding);

static void set(assay_finding *f, assay_finding_level level, const char *remedy)
{
    f->level = level;
    snprintf(f->remedy, sizeof f->remedy, "%s", remedy);
}

static void look_loader(assay_finding *f)
{
    void *library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library) {
        snprintf(f->found, sizeof f->found, "libvulkan.so.1");
        dlclose(library);
        return;
    }
    snprintf(f->found, sizeof f->found, "libvulkan.so.1 cannot be loaded");
    set(f, ASSAY_FINDING_MISSING, "apt install libvulkan1");
}

static void look_device(assay_finding *f)
{
    assay_device_info *list = NULL;
    assay_error error = {0};
    int count = 0;
    if (assay_device_list(&list, &count, &error) == ASSAY_OK) {
        snprintf(f->found, sizeof f->found, "%d: %.200s%s", count, list[0].name,
                 count > 1 ? ", ..." : "");
    } else {
        snprintf(f->found, sizeof f->found, "%.255s", error.message);
        set(f, ASSAY_FINDING_MISSING,
            "the GPU's Vulkan driver, or `apt install mesa-vulkan-drivers` for a device in "
            "software");
    }
    free(list);
}

static void look_validation(assay_finding *f)
{
    bool there = assay_validation_available();
    snprintf(f->found, sizeof f->found, "%s",
             there ? "VK_LAYER_KHRONOS_validation" : "not installed");
    if (!there)
        set(f, ASSAY_FINDING_OPTIONAL, "apt install vulkan-validationlayers, for --validate");
}

// The first entry of $PATH that holds an executable of this name.
static bool find_program(const char *name, char *path, size_t size)
{
    const char *at = getenv("PATH");
    while (at && *at) {
        size_t length = strcspn(at, ":");
        snprintf(path, size, "%.*s/%s", (int)length, at, name);
        if (access(path, X_OK) == 0)
            return true;
        at += length + (at[length] == ':');
    }
    return false;
}

static void look_glslc(assay_finding *f)
{
    if (find_program("glslc", f->found, sizeof f->found))
        return;
    snprintf(f->found, sizeof f->found, "not in PATH");
    set(f, ASSAY_FINDING_OPTIONAL,
        "apt install glslc, for `assay check X.comp` (X.spv works without)");
}

static void look_vectors(assay_finding *f)
{
    static const char folder[] = "/usr/share/libonnx-testdata/data";
    snprintf(f->found, sizeof f->found, "%s", folder);
    if (access(folder, R_OK) == 0)
        return;
    snprintf(f->found, sizeof f->found, "no %s", folder);
    set(f, ASSAY_FINDING_OPTIONAL,
        "apt install libonnx-testdata, for the ONNX conformance vectors");
}

static void look_cache(assay_finding *f)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && *cache)
        snprintf(f->found, sizeof f->found, "%s/assay", cache);
    else
        snprintf(f->found, sizeof f->found, "%s/.cache/assay", home ? home : "");
    char folder[sizeof f->found];
    snprintf(folder, sizeof folder, "%s", f->found);
    // The nearest folder that exists is the one where the cache will be made.
    while (access(folder, F_OK) != 0 && strrchr(folder, '/') > folder)
        *strrchr(folder, '/') = '\0';
    if (access(folder, W_OK) != 0)
        set(f, ASSAY_FINDING_OPTIONAL,
            "set XDG_CACHE_HOME to a folder that can be written: pipelines and probes are made "
            "anew each time");
}

static void look_space(assay_finding *f)
{
    struct statvfs space;
    if (statvfs(".", &space) != 0) {
        snprintf(f->found, sizeof f->found, "unknown: %s", strerror(errno));
        return;
    }
    uint64_t mib = (uint64_t)space.f_bavail * space.f_frsize >> 20;
    snprintf(f->found, sizeof f->found, "%" PRIu64 " MiB free here", mib);
    if (mib < 256)
        set(f, ASSAY_FINDING_OPTIONAL, "results and fixtures may not fit");
}

int assay_doctor(assay_finding findings[ASSAY_FINDINGS_MAX])
{
    static const struct {
        const char *what;
        look *look;
    } rows[] = {
        {"Vulkan loader",            look_loader    },
        {"Vulkan device",            look_device    },
        {"Khronos validation layer", look_validation},
        {"GLSL compiler",            look_glslc     },
        {"ONNX conformance vectors", look_vectors   },
        {"cache folder",             look_cache     },
        {"disk space",               look_space     },
    };
    int count = sizeof rows / sizeof *rows;
    for (int i = 0; i < count; i++) {
        memset(&findings[i], 0, sizeof findings[i]);
        snprintf(findings[i].what, sizeof findings[i].what, "%s", rows[i].what);
        rows[i].look(&findings[i]);
    }
    return count;
}
