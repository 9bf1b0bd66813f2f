// SPDX-License-Identifier: Apache-2.0
#include "harness/version.h"
typedef int assay_nothing;
