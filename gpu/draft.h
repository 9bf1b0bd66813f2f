// SPDX-License-Identifier: Apache-2.0
// A first manifest for a shader that somebody brings: what reflection knows, and guesses that say
// so.
#ifndef ASSAY_DRAFT_H
#define ASSAY_DRAFT_H

#include "gpu/kernel.h"

// Drafts a manifest in YAML for `path` (X.spv, or X.comp that is compiled with `options`) as a
// kernel of the operator; *text is the caller's: free(). Names in the module help and are not
// needed. A guess carries a comment with its reason; what cannot be guessed has the value "?", with
// the choices in a comment, and a manifest with such a value is refused with its line. ASSAY_READ,
// ASSAY_SPIRV, ASSAY_SHADER; ASSAY_USAGE for another ending.
ASSAY_CHECKED assay_status assay_manifest_draft(const char *path, const assay_operator *op,
                                                const assay_compile_options *options, char **text,
                                                assay_error *error);

#endif
