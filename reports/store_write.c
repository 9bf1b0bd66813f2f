// SPDX-License-Identifier: Apache-2.0
// The image is made in memory, so that a full disk meets our own write(), not libhdf5's, which
// cannot be closed then.
#include "reports/store_internal.h"

#include "reports/reports_internal.h"

#include <stdlib.h>
#include <string.h>

// On 100 000 results level 1 takes two thirds of the time of level 4 and 3 % more bytes.
#define DEFLATE_LEVEL 1

typedef struct writer {
    const char *name;
    hid_t file;
    const assay_result *results;
    size_t count;
    uint8_t *piece; // of ASSAY__COLUMN_PIECE bytes
    assay_error *error;
} writer;

static assay_status bad(const writer *w, const char *place)
{
    return assay__store_fail(w->error, ASSAY_INTERNAL, w->name, place, "cannot be made");
}

static bool put_attribute(hid_t object, const char *name, hid_t type, const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool done = attribute >= 0 && H5Awrite(attribute, type, value) >= 0;
    if (attribute >= 0)
        H5Aclose(attribute);
    if (space >= 0)
        H5Sclose(space);
    return done;
}

// A text as long as it is; HDF5 has none of length 0, so "" is one NUL.
static bool put_text(hid_t object, const char *name, const char *text, size_t length)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    bool done = type >= 0 && H5Tset_size(type, length ? length : 1) >= 0 &&
                H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
                H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && put_attribute(object, name, type, text);
    if (type >= 0)
        H5Tclose(type);
    return done;
}

// Names for the bits of "caught", as "T0=1 T1=2 ...".
static bool put_flags(hid_t column)
{
    static const char flags[] = ""
#define XX(id, bit, name, summary) name "=" #bit " "
        ASSAY_CAUGHT_MAP(XX)
#undef XX
        ;
    return put_text(column, "flags", flags, sizeof flags - 2);
}

static const uint8_t *cell(const writer *w, const assay_field *field, size_t row)
{
    return (const uint8_t *)&w->results[row] + field->offset;
}

// Bytes of one row: of a text the longest that is used.
static size_t row_size(const writer *w, const assay_field *field)
{
    size_t widest = 1;
    if (field->kind != ASSAY_FIELD_TEXT)
        return 8 * (size_t)field->count;
    for (size_t row = 0; row < w->count; row++) {
        size_t length = strnlen((const char *)cell(w, field, row), (size_t)field->count - 1);
        widest = length > widest ? length : widest;
    }
    return widest;
}

static void gather(const writer *w, const assay_field *field, size_t from, size_t rows, size_t size)
{
    uint8_t *at = w->piece;
    for (size_t row = from; row < from + rows; row++, at += size) {
        const uint8_t *value = cell(w, field, row);
        if (field->kind == ASSAY_FIELD_TEXT) {
            size_t length = strnlen((const char *)value, size);
            memcpy(at, value, length);
            memset(at + length, 0, size - length);
            continue;
        }
        for (int i = 0; i < field->count; i++) {
            uint64_t bits;
            memcpy(&bits, value + 8 * i, 8);
            assay__put(at + 8 * i, bits, 8);
        }
    }
}

static bool fill(const writer *w, const assay_field *field, hid_t column, hid_t type, size_t size,
                 size_t step)
{
    hsize_t all[2] = {w->count, (hsize_t)field->count};
    int rank = field->kind != ASSAY_FIELD_TEXT && field->count > 1 ? 2 : 1;
    hid_t space = H5Screate_simple(rank, all, NULL);
    bool done = space >= 0;
    for (size_t row = 0; row < w->count && done; row += step) {
        hsize_t start[2] = {row, 0};
        hsize_t rows[2] = {w->count - row < step ? w->count - row : step, (hsize_t)field->count};
        hid_t memory = H5Screate_simple(rank, rows, NULL);
        gather(w, field, row, (size_t)rows[0], size);
        done = memory >= 0 &&
               H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, rows, NULL) >= 0 &&
               H5Dwrite(column, type, memory, space, H5P_DEFAULT, w->piece) >= 0;
        if (memory >= 0)
            H5Sclose(memory);
    }
    if (space >= 0)
        H5Sclose(space);
    return done;
}

// Whole columns of up to one piece are one chunk; longer ones are written a chunk at a time. No
// chunks without rows.
static bool set_layout(const writer *w, const assay_field *field, hid_t list, size_t step)
{
    bool wide = field->kind != ASSAY_FIELD_TEXT && field->count > 1;
    hsize_t chunk[2] = {step < w->count ? step : w->count, (hsize_t)field->count};
    if (H5Pset_obj_track_times(list, false) < 0)
        return false;
    return w->count == 0 || (H5Pset_chunk(list, wide ? 2 : 1, chunk) >= 0 &&
                             H5Pset_shuffle(list) >= 0 && H5Pset_deflate(list, DEFLATE_LEVEL) >= 0);
}

static assay_status write_column(const writer *w, hid_t group, const assay_field *field)
{
    size_t size = row_size(w, field);
    size_t step = ASSAY__COLUMN_PIECE / size;
    hsize_t all[2] = {w->count, (hsize_t)field->count};
    bool wide = field->kind != ASSAY_FIELD_TEXT && field->count > 1;
    hid_t type = assay__column_type(field, size);
    hid_t space = H5Screate_simple(wide ? 2 : 1, all, NULL);
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    hid_t column = -1;
    bool done = type >= 0 && space >= 0 && list >= 0 && set_layout(w, field, list, step);
    if (done)
        column = H5Dcreate2(group, field->name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    done = done && column >= 0 && put_text(column, "unit", field->unit, strlen(field->unit)) &&
           put_text(column, "summary", field->summary, strlen(field->summary));
    if (done && field->offset == offsetof(assay_result, caught))
        done = put_flags(column);
    done = done && fill(w, field, column, type, size, step);
    assay_status status = done ? ASSAY_OK : bad(w, field->name);
    if (column >= 0)
        H5Dclose(column);
    if (list >= 0)
        H5Pclose(list);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return status;
}

static hid_t make_group(const writer *w, const char *name)
{
    hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (list >= 0 && H5Pset_obj_track_times(list, false) >= 0 &&
        H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0)
        group = H5Gcreate2(w->file, name, H5P_DEFAULT, list, H5P_DEFAULT);
    if (list >= 0)
        H5Pclose(list);
    return group;
}

static assay_status write_run(const writer *w, const assay_run_info *run)
{
    hid_t group = make_group(w, "run");
    bool done = group >= 0;
    for (int i = 0; i < assay__run_field_count && done; i++) {
        const char *text = assay__run_text(run, i);
        done = put_text(group, assay__run_fields[i].name, text, strnlen(text, ASSAY_TEXT_LONG - 1));
    }
    if (group >= 0)
        H5Gclose(group);
    return done ? ASSAY_OK : bad(w, "run");
}

static assay_status write_all(const writer *w, const assay_run_info *run)
{
    uint8_t schema[4];
    assay__put(schema, ASSAY_RESULTS_SCHEMA, 4);
    if (!put_text(w->file, "format", ASSAY__RESULTS_FORMAT, sizeof ASSAY__RESULTS_FORMAT - 1) ||
        !put_attribute(w->file, "schema_version", H5T_STD_I32LE, schema))
        return bad(w, "schema_version");
    ASSAY_TRY(write_run(w, run));
    hid_t group = make_group(w, "results");
    if (group < 0)
        return bad(w, "results");
    assay_status status = ASSAY_OK;
    for (int i = 0; i < assay_result_field_count && status == ASSAY_OK; i++)
        status = write_column(w, group, &assay_result_fields[i]);
    H5Gclose(group);
    return status;
}

static assay_status take_image(const writer *w, uint8_t **image, size_t *size)
{
    ssize_t wanted =
        H5Fflush(w->file, H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(w->file, NULL, 0);
    if (wanted <= 0)
        return bad(w, "the image");
    *image = malloc((size_t)wanted);
    if (!*image)
        return assay_fail(w->error, ASSAY_MEMORY, "%s: no memory for %zd bytes", w->name, wanted);
    *size = (size_t)wanted;
    return H5Fget_file_image(w->file, *image, *size) == wanted ? ASSAY_OK : bad(w, "the image");
}

assay_status assay__image_write(const char *name, const assay_run_info *run,
                                const assay_result *results, size_t count, uint8_t **image,
                                size_t *size, assay_error *error)
{
    assay__hdf5_talk talk;
    writer w = {.name = name, .file = -1, .results = results, .count = count, .error = error};
    assay_status status = ASSAY_OK;
    *image = NULL;
    assay__store_quiet(&talk);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    w.piece = malloc(ASSAY__COLUMN_PIECE);
    if (!w.piece)
        status = assay_fail(error, ASSAY_MEMORY, "%s: no memory for a column", name);
    else if (access < 0 || H5Pset_fapl_core(access, (size_t)1 << 20, false) < 0 ||
             (w.file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access)) < 0)
        status = bad(&w, "the image");
    else
        status = write_all(&w, run);
    if (status == ASSAY_OK)
        status = take_image(&w, image, size);
    if (w.file >= 0)
        H5Fclose(w.file);
    if (access >= 0)
        H5Pclose(access);
    assay__store_restore(&talk);
    free(w.piece);
    if (status != ASSAY_OK) {
        free(*image);
        *image = NULL;
    }
    return status;
}
