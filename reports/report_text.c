// SPDX-License-Identifier: Apache-2.0
#include "reports/report_internal.h"

#include <math.h>
#include <string.h>

uint32_t assay__text_next(const char **text)
{
    static const struct {
        uint8_t mask, lead;
        uint32_t least;
    } forms[] = {
        {0x80, 0x00, 0      },
        {0xE0, 0xC0, 0x80   },
        {0xF0, 0xE0, 0x800  },
        {0xF8, 0xF0, 0x10000}
    };
    const uint8_t *at = (const uint8_t *)*text;
    if (!*at)
        return 0;
    (*text)++;
    for (int more = 0; more < 4; more++) {
        if ((*at & forms[more].mask) != forms[more].lead)
            continue;
        uint32_t code = *at & (uint8_t)~forms[more].mask;
        for (int i = 1; i <= more; i++) {
            if ((at[i] & 0xC0) != 0x80)
                return ASSAY__REPLACEMENT;
            code = code << 6 | (at[i] & 0x3F);
        }
        if (code < forms[more].least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
            return ASSAY__REPLACEMENT;
        *text += more;
        return code;
    }
    return ASSAY__REPLACEMENT;
}

void assay__text_put(FILE *out, uint32_t code)
{
    if (code < 0x80) {
        putc((int)code, out);
        return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const int lead[] = {0, 0xC0, 0xE0, 0xF0};
    putc(lead[more] | (int)(code >> (6 * more)), out);
    while (more--)
        putc(0x80 | (int)(code >> (6 * more) & 0x3F), out);
}

int assay__text_line(FILE *out, const char *text)
{
    uint32_t code;
    int width = 0;
    for (; (code = assay__text_next(&text)) != 0; width++) {
        if (code == '\n' || code == '\t')
            code = ' ';
        bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
        assay__text_put(out, control ? ASSAY__REPLACEMENT : code);
    }
    return width;
}

int assay__text_width(const char *text)
{
    int width = 0;
    while (assay__text_next(&text))
        width++;
    return width;
}

assay__numbers assay__numbers_begin(void)
{
    assay__numbers numbers = {newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), (locale_t)0};
    if (numbers.plain)
        numbers.before = uselocale(numbers.plain);
    return numbers;
}

void assay__numbers_end(const assay__numbers *numbers)
{
    if (!numbers->plain)
        return;
    uselocale(numbers->before);
    freelocale(numbers->plain);
}

const char *assay__format_seconds(double seconds, char *buffer, size_t size)
{
    static const struct {
        double from, scale;
        const char *unit;
    } units[] = {
        {1,    1,   "s" },
        {1e-3, 1e3, "ms"},
        {0,    1e6, "us"}
    };
    size_t i = 0;
    while (i < 2 && !(fabs(seconds) >= units[i].from))
        i++;
    double shown = seconds * units[i].scale;
    int digits = fabs(shown) >= 100 ? 0 : fabs(shown) >= 10 ? 1 : 2;
    if (seconds == 0 || !isfinite(seconds))
        snprintf(buffer, size, isfinite(seconds) ? "0 s" : "?");
    else
        snprintf(buffer, size, "%.*f %s", digits, shown, units[i].unit);
    return buffer;
}

const char *assay__reproduce(const assay_result *result)
{
    static const char word[] = "reproduce:";
    const char *text = result->reproduce;
    if (strncmp(text, word, sizeof word - 1) == 0)
        text += sizeof word - 1;
    return text + strspn(text, " ");
}

// The words " --fixture PATH" of a reproducing command; their length, 0 where it has none.
static int fixture_of(const char *command, const char **words)
{
    *words = strstr(command, " --fixture ");
    if (!*words)
        return 0;
    const char *next = strstr(*words, " --sanitize ");
    return next ? (int)(next - *words) : (int)strlen(*words);
}

const char *assay__explanation(const assay_result *result, char *buffer, size_t size)
{
    static const char own[] = "assay verify", foreign[] = "assay check ";
    const char *command = assay__reproduce(result), *end = strstr(command, " --device ");
    const char *words = NULL, *shader = command + sizeof foreign - 1;
    int more = fixture_of(command, &words);
    buffer[0] = '\0';
    if (assay__verdict(result) != ASSAY_VERDICT_FAIL || !end || !*result->check ||
        strchr(result->check, '\''))
        return buffer;
    if (strncmp(command, own, sizeof own - 1) == 0)
        snprintf(buffer, size, "assay explain '%s'%.*s", result->check, more, words ? words : "");
    else if (strncmp(command, foreign, sizeof foreign - 1) == 0)
        snprintf(buffer, size, "assay explain --shader %.*s '%s'%.*s", (int)(end - shader), shader,
                 result->check, more, words ? words : "");
    return buffer;
}

void assay__put_first_wrong(FILE *out, const assay_result *result, const char *indent)
{
    bool any = false;
    for (int i = 0; i < ASSAY_SAMPLES; i++) {
        if (result->first_index[i] < 0 || *result->mismatches <= i)
            continue;
        if (!any)
            fprintf(out, "%s%10s %16s %16s %12s\n", indent, "element", "actual", "expected",
                    "bound");
        any = true;
        fprintf(out, "%s%10lld %16.9g %16.9g ", indent, (long long)result->first_index[i],
                result->first_actual[i], result->first_expected[i]);
        if (result->first_bound[i] == 0)
            fprintf(out, "%12s\n", "exact");
        else
            fprintf(out, "%12.3g\n", result->first_bound[i]);
    }
}
