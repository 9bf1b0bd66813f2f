// SPDX-License-Identifier: Apache-2.0
// Status codes: one table gives the enum, the name, the sentence and the exit code of the command line.
#ifndef ASSAY_STATUS_H
#define ASSAY_STATUS_H

#include <stddef.h>

// XX(name, code, exit code, sentence). Codes below 100 are stable; each family leaves a gap to grow into.
#define ASSAY_STATUS_MAP(XX)                                                                       \
    XX(OK, 0, 0, "Success.")                                                                       \
    XX(USAGE, 10, 2, "The command line is wrong.")                                                 \
    XX(CASE, 11, 2, "The case string is wrong.")                                                   \
    XX(SHAPE, 12, 2, "The shapes and attributes do not fit together.")                             \
    XX(MANIFEST, 13, 2, "The kernel manifest is wrong.")                                           \
    XX(SHADER, 14, 2, "The shader does not compile.")                                              \
    XX(READ, 20, 3, "The file cannot be read.")                                                    \
    XX(FORMAT, 21, 3, "The file is not what it should be.")                                        \
    XX(SCHEMA, 22, 3, "The file was written by another version.")                                  \
    XX(SPIRV, 23, 3, "The SPIR-V module is not valid.")                                            \
    XX(WRITE, 24, 3, "The file cannot be written.")                                                \
    XX(LOCKED, 25, 3, "The file is in use by another run.")                                        \
    XX(UNSUPPORTED, 30, 2, "This is not supported.")                                               \
    XX(NO_LOADER, 40, 4, "There is no Vulkan loader.")                                             \
    XX(NO_DEVICE, 41, 4, "There is no usable Vulkan device.")                                      \
    XX(AMBIGUOUS_DEVICE, 42, 2, "The device name matches more than one device.")                   \
    XX(VULKAN, 43, 4, "A Vulkan call failed.")                                                     \
    XX(DEVICE_LOST, 44, 4, "The device was lost.")                                                 \
    XX(LIMIT, 45, 4, "A limit of the device is exceeded.")                                         \
    XX(NOTHING_SELECTED, 50, 5, "Nothing was selected.")                                           \
    XX(MEMORY, 60, 70, "Out of memory.")                                                           \
    XX(TIMEOUT, 61, 124, "The time was up.")                                                       \
    XX(INTERNAL, 90, 70, "This is a defect of assay.")

typedef enum assay_status {
#define XX(name, code, exit_code, sentence) ASSAY_##name = code,
    ASSAY_STATUS_MAP(XX)
#undef XX
} assay_status;

// What went wrong, for a person. Caller-owned; every function that takes one accepts NULL.
typedef struct assay_error {
    assay_status status;
    char message[1024]; // one sentence, names the file and the place; "" when status is ASSAY_OK
} assay_error;

#if defined(__GNUC__)
#define ASSAY_PRINTF(format_index, first) __attribute__((format(printf, format_index, first)))
#define ASSAY_CHECKED                     __attribute__((warn_unused_result))
#else
#define ASSAY_PRINTF(format_index, first)
#define ASSAY_CHECKED
#endif

// Name of a code ("SHAPE"), its general sentence, and the exit code that the command line gives for it.
const char *assay_status_name(assay_status status);
const char *assay_status_sentence(assay_status status);
int assay_status_exit_code(assay_status status);

// Writes the message (cut to fit) and the status into *error, unless error is NULL; returns status.
assay_status assay_fail(assay_error *error, assay_status status, const char *format, ...)
    ASSAY_PRINTF(3, 4);

// Puts "text: " before the message that *error already holds, to say where; returns error's status or `status`.
assay_status assay_fail_in(assay_error *error, assay_status status, const char *format, ...)
    ASSAY_PRINTF(3, 4);

// Forwards a failure to the caller at once. Where something must be released, test by hand and goto the one label.
#define ASSAY_TRY(expression)                                                                      \
    do {                                                                                           \
        assay_status assay_try_status = (expression);                                              \
        if (assay_try_status != ASSAY_OK)                                                          \
            return assay_try_status;                                                               \
    } while (0)

#endif
