// SPDX-License-Identifier: Apache-2.0
// What a number may be that a shader is given: by its name.
#include "gpu/draft_internal.h"

#include <stdio.h>
#include <string.h>

// Names without case and punctuation, as engines spell them. `packed`: where channels lie in fours.
static const struct {
    const char *names; // separated by blanks
    const char *value, *packed;
} numbers[] = {
    {"w inw inwidth inputw inputwidth srcw srcwidth width iw",            "in.w",          NULL   },
    {"h inh inheight inputh inputheight srch srcheight height ih",        "in.h",          NULL   },
    {"c inc inchannels inputchannels channels srcc ic cin icdiv4",        "in.c",          "in.s" },
    {"n batch batches batchsize inn",                                     "in.n",          NULL   },
    {"outw outwidth outputw outputwidth dstw dstwidth ow",                "out.w",         NULL   },
    {"outh outheight outputh outputheight dsth dstheight oh",             "out.h",         NULL   },
    {"outc outchannels outputchannels dstc oc cout numoutput ocdiv4",     "out.c",         "out.s"},
    {"cstep incstep",                                                     "in.h * in.w",   NULL   },
    {"outcstep",                                                          "out.h * out.w", NULL   },
    {"kernelw kw knlw kernelsizew kernelx filterw kernelwidth",           "kernel_w",      NULL   },
    {"kernelh kh knlh kernelsizeh kernely filterh kernelheight",          "kernel_h",      NULL   },
    {"stridew sw stridex",                                                "stride_w",      NULL   },
    {"strideh sh stridey",                                                "stride_h",      NULL   },
    {"dilationw dilationx dw",                                            "dilation_w",    NULL   },
    {"dilationh dilationy dh",                                            "dilation_h",    NULL   },
    {"padleft padw padx",                                                 "pad_left",      NULL   },
    {"padtop padh pady",                                                  "pad_top",       NULL   },
    {"group groups",                                                      "groups",        NULL   },
    {"axis dim",                                                          "axis",          NULL   },
    {"biasterm hasbias usebias",                                          "has_bias",      NULL   },
    {"count total size ne num length numel elements nelements pelements", "out.count",     NULL   },
    {"texels numtexels",                                                  "out.texels",    NULL   },
    {"alpha slope negativeslope",                                         "alpha",         NULL   },
    {"beta",                                                              "beta",          NULL   },
    {"gamma",                                                             "gamma",         NULL   },
    {"eps epsilon",                                                       "epsilon",       NULL   },
    {"min constmin minvalue lower",                                       "min",           NULL   },
    {"max constmax maxvalue upper",                                       "max",           NULL   },
    {"value padvalue",                                                    "value",         NULL   },
    {"dims outdims",                                                      "3",             NULL   },
    {"aoffset boffset doffset misalignoffsets",                           "0",             NULL   },
};

bool assay__is_among(const char *name, const char *list)
{
    size_t length = strlen(name);
    for (const char *at = list; length > 0 && (at = strstr(at, name)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

bool assay__is_expression(const assay_operator *op, const char *text, bool real)
{
    assay_problem problem;
    assay__expression *expression = NULL;
    assay_error none = {0};
    float number;
    assay_problem_init(&problem, op);
    if (assay_problem_float(&problem, text, &number))
        return real;
    assay_kernel_info info = {.op = op};
    assay__scope scope = {.info = &info, .problem = &problem};
    bool known =
        assay__expression_parse(text, &expression, &none) == ASSAY_OK &&
        assay__expression_check(expression, assay__scope_lookup, &scope, &none) == ASSAY_OK;
    assay__expression_destroy(expression);
    return known;
}

assay__guess assay__guess_number(const assay_operator *op, const char *name, bool real, bool packed)
{
    assay__guess guess = {"", ""};
    char plain[ASSAY__LABEL_MAX];
    assay__plain_name(name, plain, sizeof plain);
    const char *value = NULL;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !value; i++)
        if (assay__is_among(plain, numbers[i].names))
            value = packed && numbers[i].packed ? numbers[i].packed : numbers[i].value;
    if (!value && assay__is_expression(op, name, real)) // the operator's own name
        value = name;
    if (!value || !assay__is_expression(op, value, real))
        return guess;
    snprintf(guess.value, sizeof guess.value, "%s", value);
    snprintf(guess.reason, sizeof guess.reason, "named \"%.60s\"", name);
    return guess;
}
