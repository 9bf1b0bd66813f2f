// SPDX-License-Identifier: Apache-2.0
// "The result is right until it is stored": rounded in another direction, or to fewer bits than the
// format has.
#include "harness/explain/hypothesis.h"

#include "reference/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct way {
    const assay_format *format;
    float (*round)(const struct way *way, double x);
    assay_direction direction; // of positive numbers, and of negative ones turned where `mirrored`
    bool mirrored;
    int bits; // of the mantissa, the first one included
} way;

static float directed(const way *w, double x)
{
    bool turned = w->mirrored && x < 0;
    assay_direction d = !turned ? w->direction : w->direction == ASSAY_UP ? ASSAY_DOWN : ASSAY_UP;
    return w->format->round(x, d);
}

static float half_away(const way *w, double x)
{
    float low = w->format->round(fabs(x), ASSAY_DOWN), high = w->format->round(fabs(x), ASSAY_UP);
    bool up = isinf(high) || fabs(x) >= ((double)low + (double)high) / 2;
    return (float)copysign((double)(up ? high : low), x);
}

// All bits but the first ones cut off.
static float cut(const way *w, double x)
{
    int exponent = 0;
    double mantissa = frexp(x, &exponent); // 0.5 to 1
    return (float)ldexp(trunc(ldexp(mantissa, w->bits)), exponent - w->bits);
}

static float nearest(const way *w, double x)
{
    int exponent = 0;
    double mantissa = frexp(x, &exponent);
    return (float)ldexp(nearbyint(ldexp(mantissa, w->bits)), exponent - w->bits);
}

typedef struct agreement {
    int64_t told, agree; // elements whose right result is known well enough, and as the way says
    int64_t wrong, explained; // of the wrong ones
} agreement;

// What the way makes of the right result goes to court->value. Only a store whose operand is known
// to the last bit tells its rounding.
static agreement apply(assay__court *court, const way *w, bool wrong_alone)
{
    const assay_reference *right = &court->s->subject.reference;
    agreement a = {0};
    for (int64_t i = 0; i < court->count; i++) {
        double x = right->value[i], e = right->bound[i];
        float y = court->s->out[0][i];
        if (wrong_alone && !court->is_wrong[i]) {
            court->value[i] = x;
            continue;
        }
        float low = w->round(w, x - e), high = w->round(w, x + e);
        bool as_said = y >= low && y <= high;
        court->value[i] = (double)(as_said ? y : high);
        a.wrong += court->is_wrong[i];
        a.explained += court->is_wrong[i] && as_said;
        if (w->format->round(x - e, ASSAY_TO_NEAREST) != w->format->round(x + e, ASSAY_TO_NEAREST))
            continue;
        a.told++;
        a.agree += as_said;
    }
    return a;
}

static void try_way(assay__court *court, const way *w, double sure, const char *words)
{
    char text[96];
    agreement a = apply(court, w, false);
    snprintf(text, sizeof text, "the result %s when it is stored", words);
    if (a.told > 0 && (double)a.agree >= 0.99 * (double)a.told)
        assay__court_try(court, ASSAY_CAUSE_store_rounding, sure, court->value, NULL, text);
    else if (a.wrong > 1 && a.explained == a.wrong) { // by some of the invocations
        (void)apply(court, w, true);
        snprintf(text, sizeof text, "some results %s when they are stored", words);
        assay__court_try(court, ASSAY_CAUSE_store_rounding, a.wrong > 7 ? 0.9 : 0.82, court->value,
                         NULL, text);
    }
}

static void try_directions(assay__court *court, const assay_format *format)
{
    static const struct {
        const char *words;
        assay_direction direction;
        bool mirrored;
    } ways[] = {
        {"rounded down",           ASSAY_DOWN, false},
        {"rounded up",             ASSAY_UP,   false},
        {"cut toward zero",        ASSAY_DOWN, true },
        {"rounded away from zero", ASSAY_UP,   true },
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        way w = {format, directed, ways[i].direction, ways[i].mirrored, 0};
        try_way(court, &w, 0.95, ways[i].words);
    }
    way away = {.format = format, .round = half_away};
    try_way(court, &away, 0.95, "rounded to nearest, with ties away from zero,");
}

void assay__try_roundings(assay__court *court)
{
    const bool f32 = court->contract.storage == ASSAY_STORAGE_F32;
    const assay_format *format = assay_format_of(court->contract.storage);
    char words[64];
    if (!f32)
        try_directions(court, format);
    if (court->contract.storage == ASSAY_STORAGE_RGBA8)
        return;
    for (int bits = 4; bits < (f32 ? 23 : 11); bits++) {
        way w = {.format = format, .round = cut, .bits = bits};
        snprintf(words, sizeof words, "cut to %d bits", bits);
        try_way(court, &w, 0.92, words);
        w.round = nearest;
        snprintf(words, sizeof words, "rounded to %d bits", bits);
        try_way(court, &w, 0.92, words);
    }
}
