// SPDX-License-Identifier: Apache-2.0
#include "gpu/expression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool lookup(const void *context, const char *name, int64_t *value)
{
    static const struct {
        const char *name;
        int64_t value;
    } names[] = {
        {"in.h",     9        },
        {"out.w",    17       },
        {"kernel_h", 3        },
        {"zero",     0        },
        {"one",      1        },
        {"minus",    -7       },
        {"most",     INT64_MAX},
        {"least",    INT64_MIN}
    };
    (void)context;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *value = names[i].value;
            return true;
        }
    }
    return false;
}

static const struct {
    const char *text;
    int64_t value;
} good[] = {
    {"0",                                                     0                           },
    {"9223372036854775807",                                   INT64_MAX                   },
    {" 1 + 2 * 3 ",                                           7                           },
    {"(1 + 2) * 3",                                           9                           },
    {"10 - 4 - 3",                                            3                           },
    {"100 / 7 / 2",                                           7                           },
    {"7 % 4 * 2",                                             6                           },
    {"-7 / 2",                                                -3                          },
    {"minus % 4",                                             -3                          },
    {"- -3",                                                  3                           },
    {"!0 + !5",                                               1                           },
    {"!zero == 1",                                            1                           },
    {"in.h == 9 && kernel_h != 4",                            1                           },
    {"1 < 2 == 1",                                            1                           },
    {"2 <= 1 || 3 >= 3",                                      1                           },
    {"1 > 1",                                                 0                           },
    {"2 && 3",                                                1                           },
    {"zero || 5",                                             1                           },
    {"1 || 0 && 0",                                           1                           },
    {"one ? 2 : 3",                                           2                           },
    {"zero ? 2 : one ? 4 : 5",                                4                           },
    {"zero ? 1 / zero : 8",                                   8                           }, // only what is needed
    {"zero && 1 / zero",                                      0                           },
    {"one || 1 / zero",                                       1                           },
    {"min(3, minus)",                                         -7                          },
    {"max(3, minus)",                                         3                           },
    {"abs(minus)",                                            7                           },
    {"ceil_div(out.w, 8)",                                    3                           },
    {"ceil_div(16, 8)",                                       2                           },
    {"ceil_div(minus, 2)",                                    -3                          },
    {"ceil_div(most, 2)",                                     INT64_C(4611686018427387904)},
    {"least / 1",                                             INT64_MIN                   },
    {"min(ceil_div(out.w * in.h, 4), max(1, 2)) % 5",         2                           },
    {"5 | 2 ^ 7 & 3 == 3",                                    7                           }, // as in C
    {"5 | 2 ^ 7 & 4",                                         7                           },
    {"1 << 3 + 1",                                            16                          },
    {"1 << 2 < 5",                                            1                           },
    {"1 << 62",                                               INT64_C(1) << 62            },
    {"-1 << 63",                                              INT64_MIN                   },
    {"minus >> 1",                                            -4                          },
    {"least >> 63",                                           -1                          },
    {"minus & 255",                                           249                         },
    {"align(out.w, 4)",                                       20                          },
    {"align(16, 4)",                                          16                          },
    {"align(minus, 4)",                                       -4                          },
    {"pow2_ceil(out.w)",                                      32                          },
    {"pow2_ceil(16)",                                         16                          },
    {"pow2_ceil(minus)",                                      1                           },
    {"log2(31)",                                              4                           },
    {"log2(32)",                                              5                           },
    {"log2(most)",                                            62                          },
    {"((1 << 32) * ((1 << log2(pow2_ceil(7))) - 7)) / 7 + 1", 613566757                   }, // fastdiv by 7
};

static void computes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assay__expression *e;
        assay_error error = {0};
        int64_t value = 12345;
        if (assay__expression_parse(good[i].text, &e, &error) != ASSAY_OK ||
            assay__expression_check(e, lookup, NULL, &error) != ASSAY_OK ||
            assay__expression_value(e, lookup, NULL, &value, &error) != ASSAY_OK)
            fail_msg("%s: %s", good[i].text, error.message);
        if (value != good[i].value)
            fail_msg("%s = %lld", good[i].text, (long long)value);
        assay__expression_destroy(e);
    }
}

// The column, and a part of the sentence.
static const struct {
    const char *text;
    int column;
    const char *says;
} bad[] = {
    {"",                    1, "missing"                },
    {"1 +",                 4, "missing"                },
    {"(1 + 2",              7, "\")\""                  },
    {"1 2",                 3, "operator is missing"    },
    {"1 = 2",               3, "operator is missing"    },
    {"1 |",                 4, "missing"                },
    {"0x10",                2, "decimal"                },
    {"1.5.2",               4, "decimal"                },
    {"1e",                  2, "decimal"                },
    {"1e999",               1, "too large"              },
    {"9223372036854775808", 1, "64 bits"                },
    {"min(1)",              6, "another argument"       },
    {"abs(1, 2)",           6, "after the arguments"    },
    {"pow(1, 2)",           1, "min, max, abs, ceil_div"},
    {"1 ? 2",               6, "\":\""                  },
    {"in..h$",              6, "operator is missing"    },
};

static void rejects_what_is_no_expression(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assay__expression *e = NULL;
        assay_error error = {0};
        char column[32];
        snprintf(column, sizeof column, "column %d:", bad[i].column);
        assert_int_equal(assay__expression_parse(bad[i].text, &e, &error), ASSAY_MANIFEST);
        assert_null(e);
        if (!strstr(error.message, column) || !strstr(error.message, bad[i].says))
            fail_msg("%s: %s", bad[i].text, error.message);
    }
}

static const struct {
    const char *text;
    const char *says;
} wrong[] = {
    {"1 / zero",           "column 3: division by zero"                        },
    {"1 % zero",           "division by zero"                                  },
    {"ceil_div(1, zero)",  "not positive"                                      },
    {"ceil_div(1, minus)", "not positive"                                      },
    {"most + 1",           "column 6: the result does not fit 64 bits"         },
    {"least - 1",          "64 bits"                                           },
    {"most * 2",           "64 bits"                                           },
    {"least / -1",         "64 bits"                                           },
    {"-least",             "64 bits"                                           },
    {"abs(least)",         "64 bits"                                           },
    {"1 << 64",            "column 3: a shift by less than 0 or more than 63"  },
    {"1 >> minus",         "a shift by"                                        },
    {"1 << 63",            "64 bits"                                           },
    {"align(1, zero)",     "align to a number that is not positive"            },
    {"align(most, 2)",     "64 bits"                                           },
    {"pow2_ceil(most)",    "64 bits"                                           },
    {"log2(zero)",         "log2 of a number that is not positive"             },
    {"1.5",                "column 1: fractions"                               },
    {"floor(3)",           "for values of type float"                          },
    {"in.h + nothing",     "column 8: the operator has no variable \"nothing\""},
};

static void reports_what_has_no_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assay__expression *e;
        assay_error error = {0};
        int64_t value;
        assert_int_equal(assay__expression_parse(wrong[i].text, &e, &error), ASSAY_OK);
        assert_int_equal(assay__expression_value(e, lookup, NULL, &value, &error), ASSAY_MANIFEST);
        if (!strstr(error.message, wrong[i].says))
            fail_msg("%s: %s", wrong[i].text, error.message);
        assay__expression_destroy(e);
    }
}

static bool lookup_real(const void *context, const char *name, double *value)
{
    (void)context;
    *value = strcmp(name, "large") == 0 ? (double)INFINITY : 0.25;
    return strcmp(name, "alpha") == 0 || strcmp(name, "large") == 0;
}

static const struct {
    const char *text;
    double value;
    const char *says; // NULL: there is a value
} real[] = {
    {"1.0 / (out.w * in.h)",        1.0 / 153,          NULL                                    },
    {"1 / 4",                       0.25,               NULL                                    },
    {"in.h / 4 % 2",                0,                  NULL                                    }, // 9 / 4 is 2 there
    {"floor(in.h / 4)",             2,                  NULL                                    },
    {"ceil(in.h / 4) + 1.5e1",      18,                 NULL                                    },
    {"sqrt(2)",                     1.4142135623730951, NULL                                    },
    {"alpha * 2",                   0.5,                NULL                                    },
    {"-min(alpha, 3) + abs(minus)", 6.75,               NULL                                    },
    {"large * 2",                   (double)INFINITY,           NULL                                    },
    {"alpha < 0.5 ? 1 : 1 / zero",  1,                  NULL                                    },
    {"!alpha || alpha && 0",        0,                  NULL                                    },
    {"1 << 3 | 1",                  9,                  NULL                                    },
    {"align(in.h, 4) / 8",          1.5,                NULL                                    },
    {"1 / zero",                    0,                  "column 3: division by zero"            },
    {"large - large",               0,                  "the result is no number"               },
    {"1e300 * 1e300",               0,                  "does not fit double precision"         },
    {"sqrt(minus)",                 0,                  "the root of a negative number"         },
    {"most * 2 % 3",                0,                  "64 bits"                               },
    {"1.5 % 2",                     0,                  "stand in an operation of whole numbers"},
    {"align(alpha, 4)",             0,                  "no variable \"alpha\""                 },
    {"beta",                        0,                  "no variable \"beta\""                  },
};

static void computes_real_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        assay__expression *e;
        assay_error error = {0};
        double value = 12345;
        assert_int_equal(assay__expression_parse(real[i].text, &e, &error), ASSAY_OK);
        assay_status status = assay__expression_check_real(e, lookup, lookup_real, NULL, &error);
        if (status == ASSAY_OK)
            status = assay__expression_value_real(e, lookup, lookup_real, NULL, &value, &error);
        if (real[i].says ? status != ASSAY_MANIFEST || !strstr(error.message, real[i].says)
                         : status != ASSAY_OK || value != real[i].value)
            fail_msg("%s = %.17g: %s", real[i].text, value, error.message);
        assay__expression_destroy(e);
    }
}

static void checks_names_in_branches_not_taken(void **state)
{
    (void)state;
    assay__expression *e;
    assay_error error = {0};
    int64_t value;
    assert_int_equal(assay__expression_parse("one ? 1 : nothing", &e, &error), ASSAY_OK);
    assert_int_equal(assay__expression_value(e, lookup, NULL, &value, &error), ASSAY_OK);
    assert_int_equal(assay__expression_check(e, lookup, NULL, &error), ASSAY_MANIFEST);
    assay__expression_destroy(e);
    assert_int_equal(assay__expression_parse("one", &e, &error), ASSAY_OK);
    assert_true(assay__expression_is_name(e, "one"));
    assert_false(assay__expression_is_name(e, "on"));
    assay__expression_destroy(e);
    assert_int_equal(assay__expression_parse("one + 1", &e, &error), ASSAY_OK);
    assert_false(assay__expression_is_name(e, "one"));
    assay__expression_destroy(e);
}

static void survives_hostile_text(void **state)
{
    (void)state;
    static const char *const repeated[] = {"(", "-", "!", "1?", "abs(", "1+", "a", "1,"};
    for (size_t i = 0; i < sizeof repeated / sizeof *repeated; i++) {
        char text[2000] = "";
        assay__expression *e = NULL;
        for (size_t n = 100; n < sizeof text - 8; n += 450) {
            text[0] = '\0';
            while (strlen(text) + 4 < n)
                strcat(text, repeated[i]);
            assert_int_equal(assay__expression_parse(text, &e, NULL), ASSAY_MANIFEST);
            assert_null(e);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes),
        cmocka_unit_test(rejects_what_is_no_expression),
        cmocka_unit_test(reports_what_has_no_value),
        cmocka_unit_test(computes_real_numbers),
        cmocka_unit_test(checks_names_in_branches_not_taken),
        cmocka_unit_test(survives_hostile_text),
    };
    return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
