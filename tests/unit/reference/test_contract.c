// SPDX-License-Identifier: Apache-2.0
// Contracts in words.
#include "reference/contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void words_change_what_they_name(void **state)
{
    assay_error error = {0};
    assay_contract c = assay_contract_default();
    char text[200];
    (void)state;
    c.storage = ASSAY_STORAGE_F16;
    assert_int_equal(
        assay_contract_parse("rounding=rte,store=rte flush=no  nan=kept form=native", &c, &error),
        ASSAY_OK);
    assert_string_equal(assay_contract_format(&c, text, sizeof text),
                        "f32 in f16 rounding=rte(declared) store=rte(declared) flush=no(declared) "
                        "nan=kept(declared) form=native");
    assert_int_equal(assay_contract_parse("rounding=unknown(probed)", &c, &error), ASSAY_OK);
    assert_int_equal(c.rounding, ASSAY_ROUNDING_UNKNOWN);
    assert_int_equal(c.rounding_source, ASSAY_SOURCE_DECLARED);
    assert_int_equal(c.store, ASSAY_ROUNDING_RTE);
    assert_int_equal(assay_contract_parse("", &c, &error), ASSAY_OK);
}

static void other_words_are_named(void **state)
{
    static const char *const wrong[] = {"rounding=up", "rounding", "flush",
                                        "nan=keptt",   "f32",      "rounding=rte,store=rtz"};
    static const char *const says[] = {"\"rounding=up\"", "\"rounding\"", "\"flush\"",
                                       "\"nan=keptt\"",   "\"f32\"",      "\"store=rtz\""};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assay_error error = {0};
        assay_contract c = assay_contract_default();
        assert_int_equal(assay_contract_parse(wrong[i], &c, &error), ASSAY_USAGE);
        assert_non_null(strstr(error.message, says[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_change_what_they_name),
        cmocka_unit_test(other_words_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
