// SPDX-License-Identifier: Apache-2.0
// volk as its authors ship it: entry points found at run time, so that a missing loader is a
// message and not a failure to start. Debian installs its source beside the header.
#include <volk.c>
