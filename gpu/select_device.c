// SPDX-License-Identifier: Apache-2.0
#include "gpu/device.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);
    for (; *text; text++)
        if (strncasecmp(text, part, length) == 0)
            return true;
    return false;
}

// Hex digits of both, dashes and case ignored; `part` may be the beginning of `uuid`.
static bool uuid_matches(const char *uuid, const char *part)
{
    if (!*part)
        return false;
    for (; *part; part++) {
        if (*part == '-')
            continue;
        if (tolower((unsigned char)*part) != tolower((unsigned char)*uuid))
            return false;
        uuid++;
    }
    return true;
}

static bool matches(const assay_device_info *device, const char *selector)
{
    if (strncmp(selector, "uuid:", 5) == 0)
        return uuid_matches(device->uuid, selector + 5);
    if (strncmp(selector, "type:", 5) == 0)
        return strcasecmp(device->type, selector + 5) == 0;
    return contains(device->name, selector);
}

// "0: llvmpipe, 1: NVIDIA H200"
static void join_names(const assay_device_info *list, int count, const char *selector, char *text,
                       size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < count && used < size; i++) {
        if (selector && !matches(&list[i], selector))
            continue;
        int n =
            snprintf(text + used, size - used, "%s%d: %.80s", used ? ", " : "", i, list[i].name);
        used += n > 0 ? (size_t)n : 0;
    }
}

assay_status assay_device_select(const assay_device_info *list, int count, const char *selector,
                                 int *index, assay_error *error)
{
    char names[700];
    if (count == 0)
        return assay_fail(error, ASSAY_NO_DEVICE, "there is no Vulkan device to select from");
    *index = 0;
    if (!selector || !*selector)
        return ASSAY_OK;
    join_names(list, count, NULL, names, sizeof names);
    char *end;
    errno = 0;
    long number = strtol(selector, &end, 10);
    if (isdigit((unsigned char)*selector) && !*end) {
        if (errno || number >= count)
            return assay_fail(error, ASSAY_NO_DEVICE,
                              "there is no device number %.40s; there are %s", selector, names);
        *index = (int)number;
        return ASSAY_OK;
    }
    int hits = 0;
    for (int i = count - 1; i >= 0; i--) {
        if (matches(&list[i], selector)) {
            *index = i;
            hits++;
        }
    }
    if (hits == 0)
        return assay_fail(error, ASSAY_NO_DEVICE, "no device matches \"%.80s\"; there are %s",
                          selector, names);
    if (hits > 1) {
        join_names(list, count, selector, names, sizeof names);
        return assay_fail(error, ASSAY_AMBIGUOUS_DEVICE,
                          "\"%.80s\" matches %d devices; name one by its number: %s", selector,
                          hits, names);
    }
    return ASSAY_OK;
}
