// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive of outputs, and as an array. HDF5 is left out: libhdf5 1.10 dies of
// damaged files, which is why a stranger's is read in a process of its own.
#include "fixtures/npy.h"
#include "fixtures/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void save(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

static void read_all(assay_outputs *outputs)
{
    const assay_shape shapes[] = {
        {4, {1, 2, 2, 3}},
        {1, {5, 1, 1, 1}},
    };
    float values[12];
    assay_error error = {0};
    for (int i = 0; i < assay_outputs_count(outputs); i++)
        for (size_t k = 0; k < 2; k++)
            if (assay_outputs_read(outputs, assay_outputs_name(outputs, i), &shapes[k], values,
                                   &error) != ASSAY_OK &&
                !error.message[0])
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[64];
    assay_error error = {0};
    assay_outputs *outputs;
    assay__npy npy;
    if (assay__npy_parse(bytes, size, "fuzz", &npy, &error) != ASSAY_OK && !error.message[0])
        abort();
    if (size >= 4 && memcmp(bytes, "\x89HDF", 4) == 0)
        return 0;
    snprintf(path, sizeof path, "/tmp/assay-fuzz-%ld.npz", (long)getpid());
    save(path, bytes, size);
    error.message[0] = '\0';
    if (assay_outputs_open(path, &outputs, &error) == ASSAY_OK)
        read_all(outputs);
    else if (!error.message[0])
        abort();
    assay_outputs_close(outputs);
    unlink(path);
    return 0;
}
