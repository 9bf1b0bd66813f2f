// SPDX-License-Identifier: Apache-2.0
// What modules ask of a device: every capability of SPIR-V that a compute shader may declare, and
// the feature that stands for it. What is not in the table no device is known to have: a driver may
// crash on it.
#include "gpu/job_internal.h"

#include <spirv_cross_c.h>
#include <stddef.h>
#include <string.h>

#define FEATURE(part, structure, name)                                                             \
    (int)(offsetof(assay__features, part) + offsetof(structure, name))
#define CORE(name) FEATURE(core, VkPhysicalDeviceFeatures, name)
#define V11(name)  FEATURE(v11, VkPhysicalDeviceVulkan11Features, name)
#define V12(name)  FEATURE(v12, VkPhysicalDeviceVulkan12Features, name)
#define V13(name)  FEATURE(v13, VkPhysicalDeviceVulkan13Features, name)

// Instead of a feature.
#define ALWAYS   (-1) // Vulkan 1.1
#define NEVER    (-2) // an extension that is not enabled
#define SUBGROUP (-3) // by its class, in `bits`
#define FLOATS   (-4) // a property of one of the widths

static const struct {
    uint32_t capability;
    int feature;
    VkSubgroupFeatureFlags bits;
    const char *name;
} table[] = {
    {SpvCapabilityMatrix,                             ALWAYS,                                        0,                                  "matrices"                        },
    {SpvCapabilityShader,                             ALWAYS,                                        0,                                  "shaders"                         },
    {SpvCapabilityInputAttachment,                    ALWAYS,                                        0,                                  "input attachments"               },
    {SpvCapabilitySampled1D,                          ALWAYS,                                        0,                                  "images of one dimension"         },
    {SpvCapabilityImage1D,                            ALWAYS,                                        0,                                  "images of one dimension"         },
    {SpvCapabilitySampledBuffer,                      ALWAYS,                                        0,                                  "texel buffers"                   },
    {SpvCapabilityImageBuffer,                        ALWAYS,                                        0,                                  "texel buffers"                   },
    {SpvCapabilityImageQuery,                         ALWAYS,                                        0,                                  "image queries"                   },
    {SpvCapabilityDerivativeControl,                  ALWAYS,                                        0,                                  "derivatives"                     },
    {SpvCapabilityStorageImageExtendedFormats,        CORE(shaderStorageImageExtendedFormats),       0,
     "more formats of storage images (shaderStorageImageExtendedFormats)"                                                                                                  },
    {SpvCapabilityDeviceGroup,                        ALWAYS,                                        0,                                  "device groups"                   },
    {SpvCapabilityVariablePointersStorageBuffer,      V11(variablePointersStorageBuffer),            0,
     "variable pointers (variablePointersStorageBuffer)"                                                                                                                   },
    {SpvCapabilityVariablePointers,                   V11(variablePointers),                         0,
     "variable pointers (variablePointers)"                                                                                                                                },
    {SpvCapabilityFloat64,                            CORE(shaderFloat64),                           0,                                  "64-bit floats"                   },
    {SpvCapabilityInt64,                              CORE(shaderInt64),                             0,                                  "64-bit integers"                 },
    {SpvCapabilityInt16,                              CORE(shaderInt16),                             0,                                  "16-bit integers"                 },
    {SpvCapabilityInt8,                               V12(shaderInt8),                               0,                                  "8-bit integers"                  },
    {SpvCapabilityFloat16,                            V12(shaderFloat16),                            0,                                  "16-bit floats"                   },
    {SpvCapabilityInt64Atomics,                       V12(shaderBufferInt64Atomics),                 0,                                  "64-bit atomics"                  },
    {SpvCapabilityStorageBuffer16BitAccess,           V11(storageBuffer16BitAccess),                 0,                                  "16-bit storage"                  },
    {SpvCapabilityUniformAndStorageBuffer16BitAccess, V11(uniformAndStorageBuffer16BitAccess),       0,
     "16-bit storage in uniform buffers"                                                                                                                                   },
    {SpvCapabilityStoragePushConstant16,              V11(storagePushConstant16),                    0,                                  "16-bit push constants"           },
    {SpvCapabilityStorageBuffer8BitAccess,            V12(storageBuffer8BitAccess),                  0,                                  "8-bit storage"                   },
    {SpvCapabilityUniformAndStorageBuffer8BitAccess,  V12(uniformAndStorageBuffer8BitAccess),        0,
     "8-bit storage in uniform buffers"                                                                                                                                    },
    {SpvCapabilityStoragePushConstant8,               V12(storagePushConstant8),                     0,                                  "8-bit push constants"            },
    {SpvCapabilityStorageImageReadWithoutFormat,      CORE(shaderStorageImageReadWithoutFormat),     0,
     "reading of images without format (shaderStorageImageReadWithoutFormat)"                                                                                              },
    {SpvCapabilityStorageImageWriteWithoutFormat,     CORE(shaderStorageImageWriteWithoutFormat),    0,
     "writing of images without format (shaderStorageImageWriteWithoutFormat)"                                                                                             },
    {SpvCapabilityStorageImageMultisample,            CORE(shaderStorageImageMultisample),           0,
     "storage images of several samples"                                                                                                                                   },
    {SpvCapabilityImageGatherExtended,                CORE(shaderImageGatherExtended),               0,                                  "extended gather"                 },
    {SpvCapabilityImageCubeArray,                     CORE(imageCubeArray),                          0,                                  "arrays of cubes"                 },
    {SpvCapabilitySampledCubeArray,                   CORE(imageCubeArray),                          0,                                  "arrays of cubes"                 },
    {SpvCapabilityMinLod,                             CORE(shaderResourceMinLod),                    0,                                  "least levels of detail"          },
    {SpvCapabilitySparseResidency,                    CORE(shaderResourceResidency),                 0,                                  "sparse images"                   },
    {SpvCapabilityUniformBufferArrayDynamicIndexing,  CORE(shaderUniformBufferArrayDynamicIndexing),
     0,                                                                                                                                  "indexing of uniform buffers"     },
    {SpvCapabilitySampledImageArrayDynamicIndexing,   CORE(shaderSampledImageArrayDynamicIndexing),  0,
     "indexing of sampled images"                                                                                                                                          },
    {SpvCapabilityStorageBufferArrayDynamicIndexing,  CORE(shaderStorageBufferArrayDynamicIndexing),
     0,                                                                                                                                  "indexing of storage buffers"     },
    {SpvCapabilityStorageImageArrayDynamicIndexing,   CORE(shaderStorageImageArrayDynamicIndexing),  0,
     "indexing of storage images"                                                                                                                                          },
    {SpvCapabilityShaderNonUniform,                   V12(descriptorIndexing),                       0,                                  "descriptor indexing"             },
    {SpvCapabilityRuntimeDescriptorArray,             V12(runtimeDescriptorArray),                   0,
     "descriptor arrays of any length"                                                                                                                                     },
    {SpvCapabilityVulkanMemoryModel,                  V12(vulkanMemoryModel),                        0,                                  "the Vulkan memory model"         },
    {SpvCapabilityVulkanMemoryModelDeviceScope,       V12(vulkanMemoryModelDeviceScope),             0,
     "the Vulkan memory model at device scope"                                                                                                                             },
    {SpvCapabilityPhysicalStorageBufferAddresses,     V12(bufferDeviceAddress),                      0,                                  "buffer addresses"                },
    {SpvCapabilityDenormPreserve,                     FLOATS,                                        0,                                  "float controls"                  },
    {SpvCapabilityDenormFlushToZero,                  FLOATS,                                        0,                                  "float controls"                  },
    {SpvCapabilitySignedZeroInfNanPreserve,           FLOATS,                                        0,                                  "float controls"                  },
    {SpvCapabilityRoundingModeRTE,                    FLOATS,                                        0,                                  "float controls"                  },
    {SpvCapabilityRoundingModeRTZ,                    FLOATS,                                        0,                                  "float controls"                  },
    {SpvCapabilityDotProduct,                         V13(shaderIntegerDotProduct),                  0,                                  "integer dot products"            },
    {SpvCapabilityDotProductInputAll,                 V13(shaderIntegerDotProduct),                  0,                                  "integer dot products"            },
    {SpvCapabilityDotProductInput4x8Bit,              V13(shaderIntegerDotProduct),                  0,                                  "integer dot products"            },
    {SpvCapabilityDotProductInput4x8BitPacked,        V13(shaderIntegerDotProduct),                  0,
     "integer dot products"                                                                                                                                                },
    {SpvCapabilityGroupNonUniform,                    SUBGROUP,                                      VK_SUBGROUP_FEATURE_BASIC_BIT,      "subgroups"                       },
    {SpvCapabilityGroupNonUniformVote,                SUBGROUP,                                      VK_SUBGROUP_FEATURE_VOTE_BIT,       "subgroup votes"                  },
    {SpvCapabilityGroupNonUniformArithmetic,          SUBGROUP,                                      VK_SUBGROUP_FEATURE_ARITHMETIC_BIT,
     "subgroup arithmetic"                                                                                                                                                 },
    {SpvCapabilityGroupNonUniformBallot,              SUBGROUP,                                      VK_SUBGROUP_FEATURE_BALLOT_BIT,
     "subgroup ballots"                                                                                                                                                    },
    {SpvCapabilityGroupNonUniformShuffle,             SUBGROUP,                                      VK_SUBGROUP_FEATURE_SHUFFLE_BIT,
     "subgroup shuffles"                                                                                                                                                   },
    {SpvCapabilityGroupNonUniformShuffleRelative,     SUBGROUP,
     VK_SUBGROUP_FEATURE_SHUFFLE_RELATIVE_BIT,                                                                                           "relative subgroup shuffles"      },
    {SpvCapabilityGroupNonUniformClustered,           SUBGROUP,                                      VK_SUBGROUP_FEATURE_CLUSTERED_BIT,
     "subgroup clusters"                                                                                                                                                   },
    {SpvCapabilityGroupNonUniformQuad,                SUBGROUP,                                      VK_SUBGROUP_FEATURE_QUAD_BIT,       "subgroup quads"                  },
    {SpvCapabilitySubgroupBallotKHR,                  NEVER,                                         0,                                  "VK_EXT_shader_subgroup_ballot"   },
    {SpvCapabilitySubgroupVoteKHR,                    NEVER,                                         0,                                  "VK_EXT_shader_subgroup_vote"     },
    {SpvCapabilityAtomicFloat32AddEXT,                NEVER,                                         0,                                  "atomic addition of floats"       },
    {SpvCapabilityAtomicFloat64AddEXT,                NEVER,                                         0,                                  "atomic addition of 64-bit floats"},
    {SpvCapabilityAtomicFloat32MinMaxEXT,             NEVER,                                         0,                                  "atomic minimum of floats"        },
    {SpvCapabilityShaderClockKHR,                     NEVER,                                         0,                                  "clocks in shaders"               },
    {SpvCapabilityCooperativeMatrixNV,                NEVER,                                         0,                                  "cooperative matrices (NV)"       },
    {6022,                                            NEVER,                                         0,                                  "cooperative matrices"            }, // CooperativeMatrixKHR
};

static bool has_control(const assay_device *device, uint32_t capability)
{
    VkPhysicalDeviceFloatControlsProperties f = {
        .sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FLOAT_CONTROLS_PROPERTIES};
    VkPhysicalDeviceProperties2 all = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2,
                                       .pNext = &f};
    vkGetPhysicalDeviceProperties2(device->physical, &all);
    switch (capability) {
    case SpvCapabilityDenormPreserve:
        return f.shaderDenormPreserveFloat16 || f.shaderDenormPreserveFloat32 ||
               f.shaderDenormPreserveFloat64;
    case SpvCapabilityDenormFlushToZero:
        return f.shaderDenormFlushToZeroFloat16 || f.shaderDenormFlushToZeroFloat32 ||
               f.shaderDenormFlushToZeroFloat64;
    case SpvCapabilitySignedZeroInfNanPreserve:
        return f.shaderSignedZeroInfNanPreserveFloat16 || f.shaderSignedZeroInfNanPreserveFloat32 ||
               f.shaderSignedZeroInfNanPreserveFloat64;
    case SpvCapabilityRoundingModeRTE:
        return f.shaderRoundingModeRTEFloat16 || f.shaderRoundingModeRTEFloat32 ||
               f.shaderRoundingModeRTEFloat64;
    default: // SpvCapabilityRoundingModeRTZ
        return f.shaderRoundingModeRTZFloat16 || f.shaderRoundingModeRTZFloat32 ||
               f.shaderRoundingModeRTZFloat64;
    }
}

static bool is_present(const assay_device *device, size_t row)
{
    const uint8_t *features = (const uint8_t *)&device->features;
    VkBool32 on;
    switch (table[row].feature) {
    case ALWAYS:
        return true;
    case NEVER:
        return false;
    case FLOATS:
        return has_control(device, table[row].capability);
    case SUBGROUP:
        return (device->info.subgroup_operations & table[row].bits) == table[row].bits;
    default:
        memcpy(&on, features + table[row].feature, sizeof on);
        return on;
    }
}

assay_status assay__module_needs(const assay_device *device, const assay__module *m,
                                 const char *kernel, assay_error *error)
{
    for (int i = 0; i < m->capability_count; i++) {
        size_t row = 0, rows = sizeof table / sizeof *table;
        while (row < rows && table[row].capability != m->capability[i])
            row++;
        if (row == rows)
            return assay_fail(error, ASSAY_LIMIT,
                              "%s needs SPIR-V's capability %u, of which no "
                              "feature is known",
                              kernel, m->capability[i]);
        if (!is_present(device, row))
            return assay_fail(error, ASSAY_LIMIT, "%s needs %s, which %s has not", kernel,
                              table[row].name, device->info.name);
    }
    uint32_t version = m->version, api = device->info.api_version;
    if ((version > 0x10300 && api < VK_API_VERSION_1_2) ||
        (version > 0x10500 && api < VK_API_VERSION_1_3))
        return assay_fail(error, ASSAY_LIMIT, "%s is SPIR-V 1.%u, which Vulkan 1.%u does not know",
                          kernel, version >> 8 & 255, VK_API_VERSION_MINOR(api));
    return ASSAY_OK;
}
