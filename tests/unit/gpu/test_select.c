// SPDX-License-Identifier: Apache-2.0
#include "gpu/device.h"
#include "gpu/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

static const assay_device_info list[] = {
    {.index = 0,
     .name = "NVIDIA H200",
     .type = "discrete",
     .uuid = "00112233445566778899aabbccddeeff"},
    {.index = 1,
     .name = "NVIDIA H200 NVL",
     .type = "discrete",
     .uuid = "00112233445566778899aabbccddee00"},
    {.index = 2,
     .name = "llvmpipe (LLVM 15.0.6, 256 bits)",
     .type = "cpu",
     .uuid = "6d657361323232e33300000000000000"},
};

static const struct {
    const char *selector;
    assay_status status;
    int index; // or
    const char *says;
} rows[] = {
    {NULL,                                        ASSAY_OK,               0, NULL                                                              },
    {"",                                          ASSAY_OK,               0, NULL                                                              },
    {"0",                                         ASSAY_OK,               0, NULL                                                              },
    {"2",                                         ASSAY_OK,               2, NULL                                                              },
    {"3",                                         ASSAY_NO_DEVICE,        0, "no device number 3; there are 0: NVIDIA H200, 1: NVIDIA H200 NVL"},
    {"99999999999999999999",                      ASSAY_NO_DEVICE,        0, "no device number"                                                },
    {"nvl",                                       ASSAY_OK,               1, NULL                                                              },
    {"LLVM",                                      ASSAY_OK,               2, NULL                                                              },
    {"type:cpu",                                  ASSAY_OK,               2, NULL                                                              },
    {"type:discrete",                             ASSAY_AMBIGUOUS_DEVICE, 0, "matches 2 devices"                                               },
    {"type:virtual",                              ASSAY_NO_DEVICE,        0, "no device matches"                                               },
    {"h200",                                      ASSAY_AMBIGUOUS_DEVICE, 0, "0: NVIDIA H200, 1: NVIDIA H200 NVL"                              },
    {"uuid:00112233-4455-6677-8899-AABBCCDDEEFF", ASSAY_OK,               0, NULL                                                              },
    {"uuid:6d65",                                 ASSAY_OK,               2, NULL                                                              },
    {"uuid:0011",                                 ASSAY_AMBIGUOUS_DEVICE, 0, "matches 2"                                                       },
    {"uuid:",                                     ASSAY_NO_DEVICE,        0, "no device matches"                                               },
    {"uuid:00112233445566778899aabbccddeeff00",   ASSAY_NO_DEVICE,        0, "no device matches"                                               },
    {"radeon",                                    ASSAY_NO_DEVICE,        0, "2: llvmpipe"                                                     },
    {"-1",                                        ASSAY_NO_DEVICE,        0, "no device matches"                                               },
};

static void selects(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int index = -1;
        assay_error error = {0};
        assay_status status = assay_device_select(list, 3, rows[i].selector, &index, &error);
        if (status != rows[i].status || (rows[i].says && !strstr(error.message, rows[i].says)))
            fail_msg("%s: %s", rows[i].selector, error.message);
        if (status == ASSAY_OK)
            assert_int_equal(index, rows[i].index);
    }
}

static void selects_nothing_from_nothing(void **state)
{
    (void)state;
    int index;
    assert_int_equal(assay_device_select(NULL, 0, "", &index, NULL), ASSAY_NO_DEVICE);
}

// Every place of a word that differs, in sizes around the fast path's edges.
static void finds_every_changed_word(void **state)
{
    (void)state;
    static uint32_t words[1100];
    for (size_t n = 1; n < 1100; n = n * 2 + 3) {
        size_t first = 777;
        int64_t index;
        assay__fill(words, n * 4, 0x7FC0FEED);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(words[i], 0x7FC0FEED);
        assert_int_equal(assay__count_other(words, n * 4, 0x7FC0FEED, &first), 0);
        assert_int_equal(assay__count_other(words, n * 4, 0x7FC0FEEC, &first), n);
        assert_int_equal(first, 0);
        assert_int_equal(assay__count_same(words, n * 4, 0x7FC0FEED, &index), n);
        assert_int_equal(assay__count_same(words, n * 4, 1, &index), 0);
        assert_int_equal(index, -1);
        for (size_t i = 0; i < n; i++) {
            words[i] ^= 1u << (i % 32);
            assert_int_equal(assay__count_other(words, n * 4, 0x7FC0FEED, &first), 1);
            assert_int_equal(first, 4 * i);
            words[i] = 0x7FC0FEED;
        }
    }
    assert_int_equal(assay__count_other(words, 0, 1, &(size_t){0}), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selects),
        cmocka_unit_test(selects_nothing_from_nothing),
        cmocka_unit_test(finds_every_changed_word),
    };
    return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
