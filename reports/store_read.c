// SPDX-License-Identifier: Apache-2.0
// Reading the image: nothing in it is believed. Every column's rows are held against what it stores
// before memory is taken for them.
#include "reports/store_internal.h"

#include "reports/reports_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Deflate shrinks by 1032 at most, so a column that claims more than this times its storage lies.
#define SHRINK_MOST 1100
// More results than any run has; 20 GB of memory.
#define ROWS_MOST ((hsize_t)4 << 20)

typedef struct image_reader {
    const char *name;
    hid_t file;
    size_t size; // of the image
    assay_result *results;
    size_t count;
    uint8_t *piece; // of ASSAY__COLUMN_PIECE bytes
    assay_error *error;
} image_reader;

static assay_status bad(const image_reader *r, const char *place, const char *what)
{
    return assay__store_fail(r->error, ASSAY_FORMAT, r->name, place, what);
}

// A text attribute of fixed length; in `text`, cut to `room` - 1 bytes. False when there is none
// such.
static bool get_text(hid_t object, const char *name, char *text, size_t room)
{
    char bytes[ASSAY_TEXT_LONG] = "";
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return false;
    hid_t type = H5Aget_type(attribute);
    hid_t space = H5Aget_space(attribute);
    bool done = type >= 0 && H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
                space >= 0 && H5Sget_simple_extent_type(space) == H5S_SCALAR &&
                H5Tget_size(type) < sizeof bytes && H5Aread(attribute, type, bytes) >= 0;
    if (done)
        snprintf(text, room, "%s", bytes);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    H5Aclose(attribute);
    return done;
}

static bool get_whole(hid_t object, const char *name, int64_t *value)
{
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return false;
    hid_t type = H5Aget_type(attribute);
    hid_t space = H5Aget_space(attribute);
    bool done = type >= 0 && H5Tget_class(type) == H5T_INTEGER && space >= 0 &&
                H5Sget_simple_extent_npoints(space) == 1 &&
                H5Aread(attribute, H5T_NATIVE_INT64, value) >= 0;
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    H5Aclose(attribute);
    return done;
}

static assay_status read_head(const image_reader *r, assay_run_info *run)
{
    char format[32] = "";
    int64_t schema = 0;
    if (!get_text(r->file, "format", format, sizeof format) ||
        strcmp(format, ASSAY__RESULTS_FORMAT) != 0)
        return bad(r, "/", "attribute \"format\" is not \"" ASSAY__RESULTS_FORMAT "\"");
    if (!get_whole(r->file, "schema_version", &schema))
        return bad(r, "/", "attribute \"schema_version\" should be one whole number");
    if (schema != ASSAY_RESULTS_SCHEMA)
        return assay_fail(r->error, ASSAY_SCHEMA,
                          "%s: its schema_version is %" PRId64 ", this assay reads version %d",
                          r->name, schema, ASSAY_RESULTS_SCHEMA);
    hid_t group = H5Gopen2(r->file, "run", H5P_DEFAULT);
    if (group < 0)
        return bad(r, "/run", "is missing");
    assay_status status = ASSAY_OK;
    for (int i = 0; i < assay__run_field_count && status == ASSAY_OK; i++)
        if (!get_text(group, assay__run_fields[i].name, (char *)run + assay__run_fields[i].offset,
                      ASSAY_TEXT_LONG)) {
            char what[96];
            snprintf(what, sizeof what, "attribute \"%s\" should be a text of fixed length",
                     assay__run_fields[i].name);
            status = bad(r, "/run", what);
        }
    H5Gclose(group);
    return status;
}

typedef struct column {
    const assay_field *field;
    hid_t data, type;
    size_t size; // bytes of one row
    hsize_t rows;
    bool wide; // 2-D
} column;

static assay_status check_type(const image_reader *r, column *c)
{
    hid_t wanted;
    c->type = H5Dget_type(c->data);
    c->size = 8 * (size_t)c->field->count;
    if (c->field->kind == ASSAY_FIELD_TEXT) {
        c->size = c->type < 0 ? 0 : H5Tget_size(c->type);
        if (c->type < 0 || H5Tget_class(c->type) != H5T_STRING ||
            H5Tis_variable_str(c->type) != 0 || c->size == 0 || c->size >= (size_t)c->field->count)
            return bad(r, c->field->name, "should hold texts of fixed length that fit");
    }
    wanted = assay__column_type(c->field, c->size);
    bool right = c->type >= 0 && wanted >= 0 && H5Tequal(c->type, wanted) > 0;
    if (wanted >= 0)
        H5Tclose(wanted);
    return right ? ASSAY_OK : bad(r, c->field->name, "has another type than documented");
}

static assay_status check_rows(const image_reader *r, column *c)
{
    hsize_t dim[H5S_MAX_RANK] = {0};
    c->wide = c->field->kind != ASSAY_FIELD_TEXT && c->field->count > 1;
    hid_t space = H5Dget_space(c->data);
    int rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, dim, NULL);
    if (space >= 0)
        H5Sclose(space);
    if (rank != (c->wide ? 2 : 1) || (c->wide && dim[1] != (hsize_t)c->field->count))
        return bad(r, c->field->name, "has another shape than documented");
    c->rows = dim[0];
    hsize_t stored = H5Dget_storage_size(c->data);
    stored = stored < r->size ? stored : r->size;
    if (c->rows > ROWS_MOST || c->rows * c->size / SHRINK_MOST > stored)
        return assay_fail(r->error, ASSAY_FORMAT,
                          "%s: %s: claims %" PRIu64 " rows of %zu bytes where only %" PRIu64
                          " bytes are stored",
                          r->name, c->field->name, (uint64_t)c->rows, c->size, (uint64_t)stored);
    return ASSAY_OK;
}

static void scatter(const image_reader *r, const column *c, size_t from, size_t rows)
{
    const uint8_t *at = r->piece;
    for (size_t row = from; row < from + rows; row++, at += c->size) {
        uint8_t *value = (uint8_t *)&r->results[row] + c->field->offset;
        if (c->field->kind == ASSAY_FIELD_TEXT) {
            memcpy(value, at, strnlen((const char *)at, c->size)); // the rest is zero already
            continue;
        }
        for (int i = 0; i < c->field->count; i++) {
            uint64_t bits = assay__get(at + 8 * i, 8);
            memcpy(value + 8 * i, &bits, 8);
        }
    }
}

static assay_status read_rows(const image_reader *r, const column *c)
{
    size_t step = ASSAY__COLUMN_PIECE / c->size;
    hid_t space = H5Dget_space(c->data);
    bool done = space >= 0;
    for (size_t row = 0; row < r->count && done; row += step) {
        hsize_t start[2] = {row, 0};
        hsize_t rows[2] = {r->count - row < step ? r->count - row : step, (hsize_t)c->field->count};
        hid_t memory = H5Screate_simple(c->wide ? 2 : 1, rows, NULL);
        done = memory >= 0 &&
               H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, rows, NULL) >= 0 &&
               H5Dread(c->data, c->type, memory, space, H5P_DEFAULT, r->piece) >= 0;
        if (memory >= 0)
            H5Sclose(memory);
        if (done)
            scatter(r, c, row, (size_t)rows[0]);
    }
    if (space >= 0)
        H5Sclose(space);
    return done ? ASSAY_OK : bad(r, c->field->name, "cannot be read");
}

// The first column says how many results there are; the others must agree.
static assay_status take_rows(image_reader *r, const column *c)
{
    if (c->field == assay_result_fields) {
        r->count = (size_t)c->rows;
        r->results = calloc(r->count + 1, sizeof *r->results);
        if (!r->results)
            return assay_fail(r->error, ASSAY_MEMORY, "%s: no memory for %zu results", r->name,
                              r->count);
    }
    if (c->rows != r->count)
        return assay_fail(r->error, ASSAY_FORMAT,
                          "%s: %s: has %" PRIu64 " rows where \"%s\" has %zu", r->name,
                          c->field->name, (uint64_t)c->rows, assay_result_fields[0].name, r->count);
    return read_rows(r, c);
}

static assay_status read_column(image_reader *r, hid_t group, const assay_field *field)
{
    column c = {.field = field, .type = -1};
    c.data = H5Dopen2(group, field->name, H5P_DEFAULT);
    if (c.data < 0)
        return bad(r, field->name, "is missing");
    assay_status status = check_type(r, &c);
    if (status == ASSAY_OK)
        status = check_rows(r, &c);
    if (status == ASSAY_OK)
        status = take_rows(r, &c);
    if (c.type >= 0)
        H5Tclose(c.type);
    H5Dclose(c.data);
    return status;
}

static assay_status read_results(image_reader *r)
{
    hid_t group = H5Gopen2(r->file, "results", H5P_DEFAULT);
    if (group < 0)
        return bad(r, "/results", "is missing");
    assay_status status = ASSAY_OK;
    for (int i = 0; i < assay_result_field_count && status == ASSAY_OK; i++)
        status = read_column(r, group, &assay_result_fields[i]);
    H5Gclose(group);
    for (size_t i = 0; i < r->count && status == ASSAY_OK; i++)
        if (!assay__result_plausible(&r->results[i]))
            status = assay_fail(r->error, ASSAY_FORMAT,
                                "%s: row %zu: has an unknown verdict (%" PRId64
                                ") or unknown bits in \"caught\" (%" PRId64 ")",
                                r->name, i, *r->results[i].verdict, *r->results[i].caught);
    return status;
}

static hid_t open_image(const uint8_t *image, size_t size)
{
    hid_t file = -1;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    // libhdf5 takes a copy of the image, and never writes to it.
    if (access >= 0 && H5Pset_fapl_core(access, (size_t)1 << 20, false) >= 0 && size > 0 &&
        H5Pset_file_image(access, (void *)(uintptr_t)image, size) >= 0)
        file = H5Fopen("image", H5F_ACC_RDONLY, access);
    if (access >= 0)
        H5Pclose(access);
    return file;
}

assay_status assay__image_read(const char *name, const uint8_t *image, size_t size,
                               assay_run_info *run, assay_result **results, size_t *count,
                               assay_error *error)
{
    assay__hdf5_talk talk;
    image_reader r = {.name = name, .size = size, .error = error};
    assay_status status;
    *results = NULL;
    *count = 0;
    memset(run, 0, sizeof *run);
    r.piece = malloc(ASSAY__COLUMN_PIECE);
    if (!r.piece)
        return assay_fail(error, ASSAY_MEMORY, "%s: no memory for a column", name);
    assay__store_quiet(&talk);
    r.file = open_image(image, size);
    if (r.file < 0)
        status = bad(&r, "/", "is no HDF5 file");
    else
        status = read_head(&r, run);
    if (status == ASSAY_OK)
        status = read_results(&r);
    if (r.file >= 0)
        H5Fclose(r.file);
    assay__store_restore(&talk);
    free(r.piece);
    if (status == ASSAY_OK) {
        *results = r.results;
        *count = r.count;
    } else {
        free(r.results);
    }
    return status;
}
