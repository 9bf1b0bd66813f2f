// SPDX-License-Identifier: Apache-2.0
// How a tensor may lie where its layout does not say it: in an image2D, and numbers of channels in
// a buffer of vec4.
#include "gpu/draft_internal.h"

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
    if (binding->image == ASSAY__IMAGE_FLAT && strcmp(letters, "nchw") == 0) {
        put_plane(out, tensor, written);
        return "; slices side by side, items below each other";
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
