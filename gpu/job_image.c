// SPDX-License-Identifier: Apache-2.0
// Tensors that are images. Their texels lie in the arena as those of other tensors do, and are
// copied into the images before the kernels run and back afterwards. A layer is a slice of four
// channels of one n.
#include "gpu/job_internal.h"

#include <inttypes.h>

// What a guarded image has more of, at its far sides.
#define MORE_TEXELS 8
#define MORE_LAYERS 4

static VkImageUsageFlags usage_of(const assay__slot *slot)
{
    return VK_IMAGE_USAGE_TRANSFER_SRC_BIT | VK_IMAGE_USAGE_TRANSFER_DST_BIT |
           (slot->use.storage ? VK_IMAGE_USAGE_STORAGE_BIT : 0u) |
           (slot->use.sampled ? VK_IMAGE_USAGE_SAMPLED_BIT : 0u);
}

static VkImageType type_of(const assay__slot *slot)
{
    return slot->kind == ASSAY__IMAGE_VOLUME ? VK_IMAGE_TYPE_3D
           : slot->kind == ASSAY__IMAGE_ROW  ? VK_IMAGE_TYPE_1D
                                             : VK_IMAGE_TYPE_2D;
}

static VkFormat format_of(const assay__packing *p)
{
    static const VkFormat formats[2][3] = {
        {VK_FORMAT_R32_SFLOAT, VK_FORMAT_R32G32_SFLOAT, VK_FORMAT_R32G32B32A32_SFLOAT},
        {VK_FORMAT_R16_SFLOAT, VK_FORMAT_R16G16_SFLOAT, VK_FORMAT_R16G16B16A16_SFLOAT},
    };
    return formats[p->storage == ASSAY_STORAGE_F16][p->texel / 2]; // 1, 2 or 4 lanes
}

static int64_t less(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

assay_status assay__image_size(const assay_device *device, const assay_kernel *kernel, bool guarded,
                               assay__slot *slot, assay_error *error)
{
    assay__packing *p = &slot->packing;
    const char *name = kernel->info.name;
    VkImageFormatProperties most;
    VkFormatProperties format;
    VkResult result =
        vkGetPhysicalDeviceImageFormatProperties(device->physical, format_of(p), type_of(slot),
                                                 VK_IMAGE_TILING_OPTIMAL, usage_of(slot), 0, &most);
    vkGetPhysicalDeviceFormatProperties(device->physical, format_of(p), &format);
    bool linear = format.optimalTilingFeatures & VK_FORMAT_FEATURE_SAMPLED_IMAGE_FILTER_LINEAR_BIT;
    if (result == VK_ERROR_FORMAT_NOT_SUPPORTED || (slot->use.linear && !linear))
        return assay_fail(error, ASSAY_LIMIT, "%s: %s has no such images of its format%s", name,
                          device->info.name, slot->use.linear ? " with a linear filter" : "");
    ASSAY__TRY_VK(result);
    if (slot->kind == ASSAY__IMAGE_VOLUME)
        most.maxArrayLayers = most.maxExtent.depth;
    if (p->width > most.maxExtent.width || p->height > most.maxExtent.height ||
        p->layers > most.maxArrayLayers)
        return assay_fail(error, ASSAY_LIMIT,
                          "%s: an image of %" PRId64 " x %" PRId64 ", %" PRId64
                          " layers; %s takes %u x %u, %u layers",
                          name, p->width, p->height, p->layers, device->info.name,
                          most.maxExtent.width, most.maxExtent.height, most.maxArrayLayers);
    bool row = slot->kind == ASSAY__IMAGE_ROW, flat = row || slot->kind == ASSAY__IMAGE_FLAT;
    if (row && (p->layers != 1 || p->height != 1))
        return assay_fail(error, ASSAY_LIMIT,
                          "%s takes an image1D, one row; the tensor has %" PRId64, name,
                          p->layers * p->height);
    if (flat && p->layers != 1)
        return assay_fail(error, ASSAY_LIMIT,
                          "%s takes an image2D, one layer; the tensor has %" PRId64, name,
                          p->layers);
    if (guarded && !slot->use.exact)
        assay__packing_enlarge(p, less(p->width + MORE_TEXELS, most.maxExtent.width),
                               row ? 1 : less(p->height + MORE_TEXELS, most.maxExtent.height),
                               flat ? 1 : less(p->layers + MORE_LAYERS, most.maxArrayLayers));
    if ((VkDeviceSize)p->bytes > most.maxResourceSize)
        return assay_fail(error, ASSAY_LIMIT,
                          "%s: an image of %" PRId64 " bytes; %s takes %" PRIu64, name, p->bytes,
                          device->info.name, (uint64_t)most.maxResourceSize);
    slot->payload.bytes = slot->bytes = slot->need = (VkDeviceSize)p->bytes;
    slot->alignment = 16; // a multiple of the texel
    return ASSAY_OK;
}

static uint32_t depth_of(const assay__slot *slot)
{
    return slot->kind == ASSAY__IMAGE_VOLUME ? (uint32_t)slot->packing.layers : 1;
}

static uint32_t layers_of(const assay__slot *slot)
{
    return slot->kind == ASSAY__IMAGE_VOLUME ? 1 : (uint32_t)slot->packing.layers;
}

assay_status assay__image_create(assay_device *device, assay__slot *slot, assay_error *error)
{
    const assay__packing *p = &slot->packing;
    VkImageCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
        .imageType = type_of(slot),
        .format = format_of(p),
        .extent = {(uint32_t)p->width, (uint32_t)p->height, depth_of(slot)},
        .mipLevels = 1,
        .arrayLayers = layers_of(slot),
        .samples = VK_SAMPLE_COUNT_1_BIT,
        .tiling = VK_IMAGE_TILING_OPTIMAL,
        .usage = usage_of(slot),
    };
    ASSAY__TRY_VK(vkCreateImage(device->handle, &info, NULL, &slot->image));
    return ASSAY_OK;
}

void assay__image_destroy(assay_device *device, assay__slot *slot)
{
    vkDestroyImageView(device->handle, slot->view, NULL);
    vkDestroyImage(device->handle, slot->image, NULL);
    slot->view = VK_NULL_HANDLE;
    slot->image = VK_NULL_HANDLE;
}

// The slots of a window that are images, one after the other: start with {0}.
typedef struct cursor {
    int work, run, slot;
} cursor;

static assay__slot *next_image(const assay__window *w, cursor *c)
{
    for (; c->work < w->count; c->work++, c->run = 0)
        for (; c->run < ASSAY_RUNS; c->run++, c->slot = 0)
            while (c->slot < w->work[c->work].slot_count) {
                assay__slot *slot = &w->work[c->work].slot[c->run][c->slot++];
                if (slot->image)
                    return slot;
            }
    return NULL;
}

// The memory of all images, which grows; none is bound to it while it does.
static assay_status require_memory(assay_device *device, VkDeviceSize bytes, uint32_t types,
                                   assay_error *error)
{
    uint32_t type;
    if (device->image_bytes >= bytes)
        return ASSAY_OK;
    vkFreeMemory(device->handle, device->image_memory, NULL);
    device->image_memory = VK_NULL_HANDLE;
    device->image_bytes = 0;
    if (!assay__memory_type(device, types, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0, &type) &&
        !assay__memory_type(device, types, 0, 0, &type))
        return assay_fail(error, ASSAY_VULKAN, "%s has no memory for images", device->info.name);
    VkMemoryAllocateInfo info = {.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                 .allocationSize = (bytes + 0xFFFFFF) / 0x1000000 * 0x1000000,
                                 .memoryTypeIndex = type};
    VkResult result = vkAllocateMemory(device->handle, &info, NULL, &device->image_memory);
    if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY)
        return assay_fail(error, ASSAY_LIMIT, "%s has no %" PRIu64 " MiB of memory for the images",
                          device->info.name, (uint64_t)(info.allocationSize >> 20));
    if (result != VK_SUCCESS)
        return assay__vk_fail(error, result, "vkAllocateMemory");
    device->image_bytes = info.allocationSize;
    return ASSAY_OK;
}

static assay_status create_view(assay_device *device, assay__slot *slot, assay_error *error)
{
    static const VkImageViewType types[] = {VK_IMAGE_VIEW_TYPE_2D, VK_IMAGE_VIEW_TYPE_2D_ARRAY,
                                            VK_IMAGE_VIEW_TYPE_2D, VK_IMAGE_VIEW_TYPE_3D,
                                            VK_IMAGE_VIEW_TYPE_1D};
    VkImageViewCreateInfo info = {
        .sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
        .image = slot->image,
        .viewType = types[slot->kind],
        .format = format_of(&slot->packing),
        .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, layers_of(slot)}
    };
    ASSAY__TRY_VK(vkCreateImageView(device->handle, &info, NULL, &slot->view));
    return ASSAY_OK;
}

assay_status assay__images_bind(assay__window *window, assay_error *error)
{
    assay_device *device = window->device;
    VkMemoryRequirements need;
    VkDeviceSize end = 0;
    uint32_t types = UINT32_MAX;
    assay__slot *slot;
    for (cursor c = {0}; (slot = next_image(window, &c));) {
        vkGetImageMemoryRequirements(device->handle, slot->image, &need);
        slot->image_offset = (end + need.alignment - 1) / need.alignment * need.alignment;
        end = slot->image_offset + need.size;
        types &= need.memoryTypeBits;
    }
    if (end == 0)
        return ASSAY_OK;
    ASSAY_TRY(require_memory(device, end, types, error));
    for (cursor c = {0}; (slot = next_image(window, &c));) {
        ASSAY__TRY_VK(vkBindImageMemory(device->handle, slot->image, device->image_memory,
                                        slot->image_offset));
        ASSAY_TRY(create_view(device, slot, error));
    }
    return ASSAY_OK;
}

static VkBufferImageCopy region_of(const assay__slot *slot)
{
    const assay__packing *p = &slot->packing;
    return (VkBufferImageCopy){
        .bufferOffset = slot->payload.offset,
        .imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0,                                   layers_of(slot)},
        .imageExtent = {(uint32_t)p->width,                         (uint32_t)p->height,         depth_of(slot)}
    };
}

void assay__images_upload(assay__window *window)
{
    const VkPipelineStageFlags transfer = VK_PIPELINE_STAGE_TRANSFER_BIT;
    assay_device *device = window->device;
    assay__slot *slot;
    cursor any = {0};
    if (!next_image(window, &any))
        return;
    assay__barrier(device, transfer, transfer); // the texels that were uploaded
    for (cursor c = {0}; (slot = next_image(window, &c));) {
        VkBufferImageCopy region = region_of(slot);
        VkImageMemoryBarrier general = {
            .sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER,
            .dstAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT,
            .oldLayout = VK_IMAGE_LAYOUT_UNDEFINED,
            .newLayout = VK_IMAGE_LAYOUT_GENERAL,
            .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
            .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
            .image = slot->image,
            .subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, VK_REMAINING_ARRAY_LAYERS}
        };
        vkCmdPipelineBarrier(device->command, transfer, transfer, 0, 0, NULL, 0, NULL, 1, &general);
        vkCmdCopyBufferToImage(device->command, device->arena.whole, slot->image,
                               VK_IMAGE_LAYOUT_GENERAL, 1, &region);
    }
    assay__barrier(device, transfer, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT);
}

void assay__images_download(assay__window *window)
{
    const VkPipelineStageFlags transfer = VK_PIPELINE_STAGE_TRANSFER_BIT;
    assay_device *device = window->device;
    assay__slot *slot;
    cursor any = {0};
    if (!next_image(window, &any))
        return;
    assay__barrier(device, transfer | VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, transfer);
    for (cursor c = {0}; (slot = next_image(window, &c));) {
        VkBufferImageCopy region = region_of(slot);
        vkCmdCopyImageToBuffer(device->command, slot->image, VK_IMAGE_LAYOUT_GENERAL,
                               device->arena.whole, 1, &region);
    }
    assay__barrier(device, transfer, transfer | VK_PIPELINE_STAGE_HOST_BIT);
}
