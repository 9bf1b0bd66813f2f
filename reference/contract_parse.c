// SPDX-License-Identifier: Apache-2.0
// A contract from words: those that assay_contract_format prints behind the storage.
#include "reference/contract.h"

#include <stdio.h>
#include <string.h>

// key=value; what is said is declared.
static const struct {
    const char *word;
    size_t member;
    int value;
    size_t source; // 0: it has none
} words[] = {
#define MEMBER(name) offsetof(assay_contract, name)
    {"rounding=unknown", MEMBER(rounding), ASSAY_ROUNDING_UNKNOWN, MEMBER(rounding_source)},
    {"rounding=rte",     MEMBER(rounding), ASSAY_ROUNDING_RTE,     MEMBER(rounding_source)},
    {"store=unknown",    MEMBER(store),    ASSAY_ROUNDING_UNKNOWN, MEMBER(store_source)   },
    {"store=rte",        MEMBER(store),    ASSAY_ROUNDING_RTE,     MEMBER(store_source)   },
    {"flush=maybe",      MEMBER(flush),    ASSAY_FLUSH_MAYBE,      MEMBER(flush_source)   },
    {"flush=no",         MEMBER(flush),    ASSAY_FLUSH_NO,         MEMBER(flush_source)   },
    {"flush=yes",        MEMBER(flush),    ASSAY_FLUSH_YES,        MEMBER(flush_source)   },
    {"nan=ignored",      MEMBER(nan),      ASSAY_NAN_IGNORED,      MEMBER(nan_source)     },
    {"nan=kept",         MEMBER(nan),      ASSAY_NAN_KEPT,         MEMBER(nan_source)     },
    {"form=standard",    MEMBER(form),     ASSAY_FORM_STANDARD,    0                      },
    {"form=native",      MEMBER(form),     ASSAY_FORM_NATIVE,      0                      },
#undef MEMBER
};

// Every member and every source is an enumeration.
static void set(assay_contract *contract, size_t member, int value)
{
    memcpy((char *)contract + member, &value, sizeof value);
}
_Static_assert(sizeof(assay_rounding) == sizeof(int) && sizeof(assay_source) == sizeof(int),
               "enumerations are stored as int");

static bool apply(assay_contract *contract, const char *word, size_t length)
{
    size_t name = strcspn(word, "("); // "rte(probed)": where it was from is not ours to believe
    if (name > length)
        name = length;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) != name || memcmp(words[i].word, word, name) != 0)
            continue;
        set(contract, words[i].member, words[i].value);
        if (words[i].source)
            set(contract, words[i].source, ASSAY_SOURCE_DECLARED);
        return true;
    }
    return false;
}

assay_status assay_contract_parse(const char *text, assay_contract *contract, assay_error *error)
{
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, " ,");
        if (length && !apply(contract, at, length))
            return assay_fail(error, ASSAY_USAGE,
                              "\"%.*s\" is no word of a contract; there are rounding=rte|unknown, "
                              "store=rte|unknown, flush=no|maybe|yes, nan=kept|ignored, "
                              "form=standard|native",
                              (int)(length > 60 ? 60 : length), at);
        at += length + (at[length] != '\0');
    }
    return ASSAY_OK;
}
