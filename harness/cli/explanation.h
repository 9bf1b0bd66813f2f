// SPDX-License-Identifier: Apache-2.0
// An explanation as text for people, and as one JSON object.
#ifndef ASSAY_CLI_EXPLANATION_H
#define ASSAY_CLI_EXPLANATION_H

#include "harness/explain/explain.h"

#include <stdio.h>

// `command` is how the command began that explained it; `shader` the path that was given with
// --shader, or NULL.
void cli_explanation_text(FILE *out, const assay_explanation *explanation, const char *command);
void cli_explanation_json(FILE *out, const assay_explanation *explanation, const char *shader);

#endif
