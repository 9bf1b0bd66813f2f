// SPDX-License-Identifier: Apache-2.0
// The same command again whenever a shader, its manifest or what it includes changes.
#ifndef ASSAY_WATCH_H
#define ASSAY_WATCH_H

#include "harness/cli/cli.h"

// Runs this program with `argv` less "--watch", and again after each change, until it is
// interrupted. `path` is a shader, a manifest or a folder of them, `folders` are where includes are
// looked up as well. Returns only when watching is impossible.
ASSAY_CHECKED assay_status cli_watch(char **argv, const char *path, const cli_list *folders,
                                     assay_error *error);

#endif
