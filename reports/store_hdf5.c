// SPDX-License-Identifier: Apache-2.0
// What writing and reading the image share.
#include "reports/store_internal.h"

#include <stdio.h>
#include <string.h>

void assay__store_quiet(assay__hdf5_talk *talk)
{
    H5open();
    H5Eget_auto2(H5E_DEFAULT, &talk->function, &talk->data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void assay__store_restore(const assay__hdf5_talk *talk)
{
    H5Eset_auto2(H5E_DEFAULT, talk->function, talk->data);
}

static herr_t keep_innermost(unsigned n, const H5E_error2_t *entry, void *data)
{
    if (n == 0 && entry->desc)
        snprintf(data, 200, " (%s)", entry->desc);
    return 0;
}

assay_status assay__store_fail(assay_error *error, assay_status status, const char *name,
                               const char *place, const char *what)
{
    char reason[200] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, reason);
    return assay_fail(error, status, "%s: %s: %s%s", name, place, what, reason);
}

static hid_t verdict_type(void)
{
    hid_t type = H5Tenum_create(H5T_STD_I64LE);
    for (int v = 0; v < ASSAY_VERDICT_COUNT; v++) {
        int64_t value = v;
        uint8_t stored[8]; // an enum's values are given in its own byte order
        for (int b = 0; b < 8; b++)
            stored[b] = (uint8_t)((uint64_t)value >> (8 * b));
        H5Tenum_insert(type, assay_verdict_name((assay_verdict)v), stored);
    }
    return type;
}

hid_t assay__column_type(const assay_field *field, size_t width)
{
    if (field->kind == ASSAY_FIELD_F64)
        return H5Tcopy(H5T_IEEE_F64LE);
    if (field->offset == offsetof(assay_result, verdict))
        return verdict_type();
    if (field->kind == ASSAY_FIELD_I64)
        return H5Tcopy(H5T_STD_I64LE);
    hid_t type = H5Tcopy(H5T_C_S1);
    if (H5Tset_size(type, width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
        H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        H5Tclose(type);
        return -1;
    }
    return type;
}
