// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/cli.h"

#include "gpu/device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

assay_status cli_open(cli_output *output, const char *path, assay_error *error)
{
    memset(output, 0, sizeof *output);
    if (strcmp(path, "-") == 0) {
        output->file = stdout;
        return ASSAY_OK;
    }
    if (strlen(path) >= sizeof output->path)
        return assay_fail(error, ASSAY_WRITE, "the path %.100s... is too long", path);
    struct stat there;
    bool device =
        stat(path, &there) == 0 && !S_ISREG(there.st_mode); // /dev/..., a pipe: written in place
    snprintf(output->path, sizeof output->path, "%s", path);
    snprintf(output->partial, sizeof output->partial, device ? "%s" : "%s.partial", path);
    output->file = fopen(output->partial, "w");
    if (!output->file)
        return assay_fail(error, ASSAY_WRITE, "%s cannot be written: %s", path, strerror(errno));
    return ASSAY_OK;
}

assay_status cli_close(cli_output *output, assay_error *error)
{
    FILE *file = output->file;
    if (!file)
        return ASSAY_OK;
    output->file = NULL;
    bool ok = fflush(file) == 0 && !ferror(file);
    int why = errno;
    if (file == stdout)
        return ok ? ASSAY_OK
                  : assay_fail(error, ASSAY_WRITE, "stdout cannot be written: %s", strerror(why));
    bool whole = strcmp(output->partial, output->path) != 0; // a file of our own, to be renamed
    if (ok && whole && fsync(fileno(file)) != 0) {
        ok = false;
        why = errno;
    }
    if (fclose(file) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && whole && rename(output->partial, output->path) != 0) {
        ok = false;
        why = errno;
    }
    if (ok)
        return ASSAY_OK;
    if (whole)
        unlink(output->partial);
    return assay_fail(error, ASSAY_WRITE, "%s cannot be written: %s", output->path, strerror(why));
}

bool cli_wants_color(void *file)
{
    const char *no = getenv("NO_COLOR"), *force = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");
    if (no && *no)
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return isatty(fileno(file)) && term && strcmp(term, "dumb") != 0;
}

assay_status cli_validation(const char *text, unsigned *bits, assay_error *error)
{
    static const struct {
        const char *name;
        unsigned bits;
    } rows[] = {
        {"none", 0                                        },
        {"core", ASSAY_VALIDATE_CORE                      },
        {"sync", ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_SYNC},
        {"gpu",  ASSAY_VALIDATE_CORE | ASSAY_VALIDATE_GPU },
    };
    if (!text)
        text = getenv("ASSAY_VALIDATE");
    *bits = 0;
    while (text && *text) {
        size_t length = strcspn(text, ","), row = 0;
        while (row < sizeof rows / sizeof *rows &&
               (strlen(rows[row].name) != length || strncmp(rows[row].name, text, length) != 0))
            row++;
        if (row == sizeof rows / sizeof *rows)
            return assay_fail(error, ASSAY_USAGE,
                              "validation \"%.*s\" is none of core, sync, gpu, none", (int)length,
                              text);
        *bits |= rows[row].bits;
        text += length + (text[length] == ',');
    }
    return ASSAY_OK;
}
