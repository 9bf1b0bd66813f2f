// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// More messages than this say nothing new.
#define MESSAGES_MAX 32

struct assay__messages {
    char *text;
    size_t length;
    int count;   // lines in text
    int dropped; // beyond MESSAGES_MAX
};

// Messages of the Khronos layer that are no defect of the kernel or of assay: dropped where both
// parts occur.
static const struct {
    const char *id;   // in the message's id name
    const char *text; // in the message; "" for any
    const char *reason;
} known[] = {
    {"UNASSIGNED-GPU-Assisted Validation",                          "",
     "says that GPU-assisted validation was set up, or reserved its descriptor set"                                                   },
    {"UNASSIGNED-GPU-Assisted",                                     "Forcing",
     "says that the layer switched on a feature that it needs for itself"                                                             },
    {"UNASSIGNED-khronos-validation-createinstance-status-message", "",
     "greets with the list of enabled checks"                                                                                         },
    {"VUID-VkShaderModuleCreateInfo-pCode-04147",                   "SPV_KHR_non_semantic_info",
     "the debug text of a shader (glslc -g, debugPrintf) uses an extension that lavapipe takes "
     "without announcing it"                                                                                                          },
    {"UNASSIGNED-BestPractices",                                    "",                          "advice about speed is not asked for"},
};

static bool is_known(const char *id, const char *text)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(id, known[i].id) && strstr(text, known[i].text))
            return true;
    return false;
}

assay__messages *assay__messages_create(void)
{
    return calloc(1, sizeof(assay__messages));
}

void assay__messages_destroy(assay__messages *messages)
{
    if (messages)
        free(messages->text);
    free(messages);
}

// The layer writes "Validation Error: [ id ] Object 0: ... | MessageID = 0x... | what happened":
// the last part counts.
static const char *essence(const char *text)
{
    const char *mark = strstr(text, "MessageID = ");
    const char *bar = mark ? strstr(mark, " | ") : NULL;
    return bar ? bar + 3 : text;
}

// GPU-assisted validation writes "... error occurred in file x.comp at line 21." amid numbers of
// handles: the place becomes "x.comp:21: ", and what is said behind it goes.
const char *assay__message_place(const char *text, char *buffer, size_t size, size_t *length)
{
    static const char before[] = " Shader validation error occurred in file ";
    static const char between[] = " at line ";
    const char *place = strstr(text, before);
    const char *line = place ? strstr(place, between) : NULL;
    buffer[0] = '\0';
    *length = strlen(text);
    if (!line)
        return buffer;
    const char *file = place + sizeof before - 1, *number = line + sizeof between - 1;
    *length = (size_t)(place - text);
    const char *handles = strstr(text, " Command buffer (");
    if (handles && handles < place)
        *length = (size_t)(handles - text);
    snprintf(buffer, size, "%.*s:%.*s: ", (int)(line - file), file,
             (int)strspn(number, "0123456789"), number);
    return buffer;
}

static void append(assay__messages *messages, const char *id, const char *text)
{
    char place[300];
    size_t length;
    assay__message_place(text, place, sizeof place, &length);
    size_t need = messages->length + strlen(place) + strlen(id) + length + 4; // ": ", newline, end
    char *grown = realloc(messages->text, need);
    if (!grown) {
        messages->dropped++;
        return;
    }
    messages->text = grown;
    char *line = grown + messages->length;
    int written =
        snprintf(line, need - messages->length, "%s%s: %.*s", place, id, (int)length, text);
    for (char *c = line; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    if (messages->count > 0 && strstr(messages->text, line) != line) { // said before
        *line = '\0';
        return;
    }
    messages->length += (size_t)written;
    messages->text[messages->length++] = '\n';
    messages->text[messages->length] = '\0';
    messages->count++;
}

VKAPI_ATTR VkBool32 VKAPI_CALL assay__messages_collect(
    VkDebugUtilsMessageSeverityFlagBitsEXT severity, VkDebugUtilsMessageTypeFlagsEXT types,
    const VkDebugUtilsMessengerCallbackDataEXT *data, void *user_data)
{
    (void)severity; // the messenger asks for warnings and errors of validation alone
    (void)types;
    assay__messages *messages = user_data;
    const char *id = data->pMessageIdName ? data->pMessageIdName : "message";
    const char *text = data->pMessage ? data->pMessage : "";
    if (is_known(id, text))
        return VK_FALSE;
    if (messages->count < MESSAGES_MAX)
        append(messages, id, essence(text));
    else
        messages->dropped++;
    return VK_FALSE;
}

char *assay__messages_take(assay__messages *messages)
{
    if (!messages || messages->count + messages->dropped == 0)
        return NULL;
    if (messages->dropped > 0) {
        char more[64];
        snprintf(more, sizeof more, "%d further messages", messages->dropped);
        append(messages, "and", more);
    }
    char *text = messages->text;
    memset(messages, 0, sizeof *messages);
    return text;
}
