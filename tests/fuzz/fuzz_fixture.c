// SPDX-License-Identifier: Apache-2.0
// Any bytes as a fixture. What lies behind the seal is not fuzzed: libhdf5 1.10 overflows its heap
// on such files within a second, which is why there is a seal. Only the seeds pass it; what passes
// must be written as it was read.
#include "fixtures/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void save(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    assay_error error;
    assay_fixture fixture, back;
    snprintf(path, sizeof path, "/tmp/assay-fuzz-%ld.h5", (long)getpid());
    save(path, bytes, size);
    if (!assay_fixture_read(path, &fixture, &error)) {
        if (assay_fixture_write(&fixture, path, &error) ||
            assay_fixture_read(path, &back, &error) || back.count != fixture.count)
            abort();
        assay_fixture_destroy(&back);
        assay_fixture_destroy(&fixture);
    } else if (!error.message[0]) {
        abort();
    }
    unlink(path);
    return 0;
}
