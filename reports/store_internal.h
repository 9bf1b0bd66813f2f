// SPDX-License-Identifier: Apache-2.0
// results.h5: a sealed head of 512 bytes, then an HDF5 image. docs/file-formats.md.
#ifndef ASSAY_STORE_INTERNAL_H
#define ASSAY_STORE_INTERNAL_H

#include "reports/store.h"

#include <hdf5.h>

// The seal: one line of text and zeros with the size and the hash of the image. libhdf5 1.10 may
// crash on a damaged file, so only an image whose seal is whole is shown to it.
#define ASSAY__RESULTS_SEAL 512

// Writes seal and image beside `path`, syncs and renames; nothing is left behind on failure
// (ASSAY_WRITE).
ASSAY_CHECKED assay_status assay__results_replace(const char *path, const uint8_t *image,
                                                  size_t size, assay_error *error);
// The image of a file whose seal is whole; free() it.
ASSAY_CHECKED assay_status assay__results_load(const char *path, uint8_t **image, size_t *size,
                                               assay_error *error);

// Between the seal and the table of fields. `name` stands in messages; *image is released with
// free().
ASSAY_CHECKED assay_status assay__image_write(const char *name, const assay_run_info *run,
                                              const assay_result *results, size_t count,
                                              uint8_t **image, size_t *size, assay_error *error);
ASSAY_CHECKED assay_status assay__image_read(const char *name, const uint8_t *image, size_t size,
                                             assay_run_info *run, assay_result **results,
                                             size_t *count, assay_error *error);

// "NAME: PLACE: WHAT (libhdf5's own innermost reason)".
assay_status assay__store_fail(assay_error *error, assay_status status, const char *name,
                               const char *place, const char *what);

// libhdf5 prints its errors unless told not to: quiet around our calls, the caller's setting
// afterwards.
typedef struct assay__hdf5_talk {
    H5E_auto2_t function;
    void *data;
} assay__hdf5_talk;
void assay__store_quiet(assay__hdf5_talk *talk);
void assay__store_restore(const assay__hdf5_talk *talk);

// The type of a column's elements, to be closed with H5Tclose: of a text the given width, of the
// verdict an enum.
hid_t assay__column_type(const assay_field *field, size_t width);

// What tells results from other HDF5 files: the attribute "format" of the root.
#define ASSAY__RESULTS_FORMAT "assay results"

// Bytes of a column that are gathered, compressed or read at a time.
#define ASSAY__COLUMN_PIECE ((size_t)1 << 18)

#endif
