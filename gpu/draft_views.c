// SPDX-License-Identifier: Apache-2.0
// How a tensor may lie where its layout does not say it: in an image2D, and numbers of channels in
// a buffer of vec4.
#include "gpu/draft_internal.h"

#include <spirv_cross_c.h>
#include <stdio.h>
#include <string.h>

// Slices side by side, items one below the other: data in the image2D of every engine that has
// them.
static void put_plane(FILE *out, const char *tensor, bool written)
{
    fprintf(out,
            ", texel: [c / 4 * %s.w + w, n * %s.h + h], lane: c %% 4, "
            "size: [%s.s * %s.w, %s.n * %s.h]%s",
            tensor, tensor, tensor, tensor, tensor, tensor, written ? ", gaps: free" : "");
}

int assay__lanes_of(const assay__module_binding *binding)
{
    switch (binding->format) {
    case SpvImageFormatR32f:
    case SpvImageFormatR16f:
        return 1;
    case SpvImageFormatRg32f:
    case SpvImageFormatRg16f:
        return 2;
    default:
        return 4;
    }
}

const char *assay__draft_view(FILE *out, const assay_operator *op,
                              const assay__module_binding *binding, const char *tensor,
                              bool written)
{
    int index = assay__tensor_index(op, tensor, strlen(tensor));
    const char *letters = index >= 0 ? assay__tensor_letters(op, index) : "";
    bool alone = strlen(letters) == 1 && (*letters == 'o' || *letters == 'c');
    const char *slices = *letters == 'o' ? "out.s" : "in.s";
    if (alone && !assay__is_expression(op, slices, false))
        return "";
    int lanes = assay__lanes_of(binding);
    if (lanes < 4 && binding->image != ASSAY__IMAGE_NONE) {
        bool solid =
            lanes == 1 && binding->image != ASSAY__IMAGE_FLAT && strcmp(letters, "nchw") == 0;
        if (solid)
            fprintf(out, ", texel: [w, h, n * %s.c + c], size: [%s.w, %s.h, %s.n * %s.c], lanes: 1",
                    tensor, tensor, tensor, tensor, tensor);
        else
            fprintf(out, ", texel: [\"?\", \"?\"], lane: \"?\", size: [\"?\", \"?\"], lanes: %d",
                    lanes);
        return solid ? "; a channel a layer" : "; ? how it lies";
    }
    if (binding->image == ASSAY__IMAGE_FLAT && strcmp(letters, "nchw") == 0) {
        put_plane(out, tensor, written);
        return "; slices side by side, items below each other";
    }
    if (binding->image == ASSAY__IMAGE_ROW && alone) {
        fprintf(out, ", texel: [%s / 4], lane: %s %% 4, size: [%s], fill: zero", letters, letters,
                slices);
        return "; a row of texels";
    }
    if (binding->image == ASSAY__IMAGE_FLAT && alone) {
        fprintf(out, ", texel: [%s / 4, 0], lane: %s %% 4, size: [%s, 1], fill: zero", letters,
                letters, slices);
        return "; a row of texels";
    }
    if (binding->image == ASSAY__IMAGE_FLAT && letters[0]) {
        fprintf(out, ", texel: [\"?\", \"?\"], lane: \"?\", size: [\"?\", \"?\"]");
        return "; ? how it lies in an image2D";
    }
    if (binding->kind == ASSAY__STORAGE_BUFFER && binding->element.lanes == 4 && alone) {
        fprintf(out, ", index: %s, elements: %s * 4, fill: zero", letters, slices);
        return "; vec4 up to the last slice";
    }
    return "";
}
