// SPDX-License-Identifier: Apache-2.0
// A record: u32 length of the payload, u64 XXH3 of the payload (seeded with the length), payload.
// The payload holds the fields in the order of the table: numbers in 8 bytes each, texts as u16
// length and that many bytes.
#include "reports/journal.h"
#include "reports/reports_internal.h"

#include <string.h>
#include <xxhash.h>

#define HEAD 12

static size_t text_length(const assay_field *field, const char *text)
{
    return strnlen(text, (size_t)field->count - 1);
}

static size_t payload_size(const assay_result *result)
{
    size_t size = 0;
    for (int i = 0; i < assay_result_field_count; i++) {
        const assay_field *field = &assay_result_fields[i];
        size += field->kind == ASSAY_FIELD_TEXT
                    ? 2 + text_length(field, (const char *)result + field->offset)
                    : 8 * (size_t)field->count;
    }
    return size;
}

static uint8_t *put_field(uint8_t *at, const assay_field *field, const void *value)
{
    if (field->kind == ASSAY_FIELD_TEXT) {
        size_t length = text_length(field, value);
        assay__put(at, length, 2);
        memcpy(at + 2, value, length);
        return at + 2 + length;
    }
    for (int i = 0; i < field->count; i++, at += 8) {
        uint64_t bits;
        memcpy(&bits, (const uint8_t *)value + 8 * i, 8);
        assay__put(at, bits, 8);
    }
    return at;
}

size_t assay_record_encode(const assay_result *result, uint8_t *buffer, size_t size)
{
    size_t payload = payload_size(result);
    if (HEAD + payload > size)
        return HEAD + payload;
    uint8_t *at = buffer + HEAD;
    for (int i = 0; i < assay_result_field_count; i++)
        at = put_field(at, &assay_result_fields[i],
                       (const uint8_t *)result + assay_result_fields[i].offset);
    assay__put(buffer, payload, 4);
    assay__put(buffer + 4, XXH3_64bits_withSeed(buffer + HEAD, payload, payload), 8);
    return HEAD + payload;
}

// The place behind the field, NULL when the payload ends before or the text is none.
static const uint8_t *get_field(const uint8_t *at, const uint8_t *end, const assay_field *field,
                                void *value)
{
    size_t left = (size_t)(end - at);
    if (field->kind == ASSAY_FIELD_TEXT) {
        size_t length = left < 2 ? SIZE_MAX : (size_t)assay__get(at, 2);
        if (length >= (size_t)field->count || length > left - 2 || memchr(at + 2, 0, length))
            return NULL;
        memcpy(value, at + 2, length);
        return at + 2 + length;
    }
    if (left / 8 < (size_t)field->count)
        return NULL;
    for (int i = 0; i < field->count; i++, at += 8) {
        uint64_t bits = assay__get(at, 8);
        memcpy((uint8_t *)value + 8 * i, &bits, 8);
    }
    return at;
}

static bool decode_payload(const uint8_t *at, size_t size, assay_result *result)
{
    const uint8_t *end = at + size;
    memset(result, 0, sizeof *result);
    for (int i = 0; i < assay_result_field_count && at; i++)
        at = get_field(at, end, &assay_result_fields[i],
                       (uint8_t *)result + assay_result_fields[i].offset);
    return at == end && assay__result_plausible(result);
}

size_t assay_record_decode(const uint8_t *buffer, size_t size, assay_result *result,
                           assay_status *status)
{
    *status = ASSAY_OK;
    if (size < 4)
        return 0;
    size_t payload = (size_t)assay__get(buffer, 4);
    if (payload > ASSAY__RECORD_MAX - HEAD) {
        *status = ASSAY_FORMAT;
        return 0;
    }
    if (size < HEAD + payload)
        return 0;
    if (XXH3_64bits_withSeed(buffer + HEAD, payload, payload) != assay__get(buffer + 4, 8) ||
        !decode_payload(buffer + HEAD, payload, result)) {
        *status = ASSAY_FORMAT;
        return 0;
    }
    return HEAD + payload;
}
