// SPDX-License-Identifier: Apache-2.0
// Leaks of drivers and layers are theirs. Under a leak detector, a library that was closed has no
// name any more, so none is closed in these tests; then its leaks can be told from ours by name.
#ifndef ASSAY_DRIVER_LEAKS_H
#define ASSAY_DRIVER_LEAKS_H

__attribute__((visibility("default"))) int dlclose(void *library);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

int dlclose(void *library)
{
    (void)library;
    return 0;
}

const char *__lsan_default_suppressions(void)
{
    return "leak:libvulkan\n" // the loader, lavapipe and other drivers of Mesa
           "leak:libnvidia\n"
           "leak:libLLVM\n"
           "leak:libVkLayer\n";
}

#endif
