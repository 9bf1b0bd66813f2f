// SPDX-License-Identifier: Apache-2.0
#version 450
#define ASSAY_PRECISION_F16S
#define ASSAY_LAYOUT_NC4HW4
#include "probe_store.glsl"
