// SPDX-License-Identifier: Apache-2.0
#include "gpu/gpu_internal.h"

assay_status assay__sampler_get(assay_device *device, assay__sampling s, VkSampler *sampler,
                                assay_error *error)
{
    static const VkSamplerAddressMode modes[] = {
        VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE, VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_BORDER,
        VK_SAMPLER_ADDRESS_MODE_REPEAT, VK_SAMPLER_ADDRESS_MODE_MIRRORED_REPEAT};
    unsigned index = (s.linear ? 2u : 0u) + (s.texels ? 1u : 0u);
    VkSampler *kept = &device->sampler[index * ASSAY__ADDRESSES + s.address];
    VkFilter filter = s.linear ? VK_FILTER_LINEAR : VK_FILTER_NEAREST;
    VkSamplerCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO,
        .magFilter = filter,
        .minFilter = filter,
        .mipmapMode = VK_SAMPLER_MIPMAP_MODE_NEAREST,
        .addressModeU = modes[s.address],
        .addressModeV = modes[s.address],
        .addressModeW = modes[s.address],
        .borderColor = VK_BORDER_COLOR_FLOAT_TRANSPARENT_BLACK,
        .unnormalizedCoordinates = s.texels,
    };
    if (!*kept)
        ASSAY__TRY_VK(vkCreateSampler(device->handle, &info, NULL, kept));
    *sampler = *kept;
    return ASSAY_OK;
}

void assay__samplers_destroy(assay_device *device)
{
    for (size_t i = 0; i < sizeof device->sampler / sizeof *device->sampler; i++)
        vkDestroySampler(device->handle, device->sampler[i], NULL);
}
