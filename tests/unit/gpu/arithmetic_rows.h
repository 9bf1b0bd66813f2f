// SPDX-License-Identifier: Apache-2.0
// Rows of test_kernels.c: arithmetic on two tensors, reductions, resizing, the ends of an image pipeline.
#define BROADCAST(id)                                                                              \
    {id, {{2, 3, 5, 7}, {2, 3, 5, 7}}, {{0}}}, {id, {{2, 3, 5, 7}, {1, 1, 1, 1}}, {{0}}},          \
        {id, {{2, 1, 5, 1}, {1, 9, 1, 7}}, {{0}}}, {id, {{1, 4, 1, 7}, {2, 4, 5, 1}}, {{0}}}
#define AXES(n, c, h, w) DIMS("axes", n, c, h, w)
#define REDUCTION(id)                                                                              \
    {id, {{1, 1, 1, 1}}, {AXES(0, 0, 1, 1)}}, {id, {{2, 5, 7, 9}}, {AXES(0, 1, 0, 0)}},            \
        {id, {{3, 9, 5, 33}}, {AXES(0, 0, 1, 1)}}, {id, {{3, 2, 5, 7}}, {AXES(1, 0, 0, 1)}},       \
        {id, {{2, 67, 3, 5}}, {AXES(1, 1, 1, 1)}}
#define SIZE(h, w)    DIMS("size", h, w)
#define LINEAR        SET("mode", 1)
#define PLACES(value) SET("coordinate_transformation_mode", value)
// clang-format off
    BROADCAST("sub"),
    BROADCAST("mul"),
    BROADCAST("div"),
    BROADCAST("max"),
    BROADCAST("min"),
    BROADCAST("pow"),
    REDUCTION("reduce_sum"),
    REDUCTION("reduce_mean"),
    REDUCTION("reduce_max"),
    {"argmax",          {{1, 1, 1, 1}},    {SET("axis", 1)}                                         },
    {"argmax",          {{2, 9, 5, 7}},    {SET("axis", 1), SET("select_last_index", 1)}            },
    {"argmax",          {{3, 5, 17, 2}},   {SET("axis", 2)}                                         },
    {"argmax",          {{5, 3, 2, 7}},    {SET("axis", 0), SET("select_last_index", 1)}            },
    {"argmax",          {{2, 3, 5, 65}},   {SET("axis", 3)}                                         },
    {"resize",          {{1, 1, 1, 1}},    {SIZE(3, 2)}                                             },
    {"resize",          {{2, 5, 7, 9}},    {SIZE(10, 5), PLACES(1)}                                 },
    {"resize",          {{1, 3, 37, 11}},  {SIZE(53, 7), PLACES(2), SET("nearest_mode", 1)}         },
    {"resize",          {{1, 4, 8, 6}},    {SIZE(4, 12), SET("nearest_mode", 3)}                    },
    {"resize",          {{1, 1, 1, 1}},    {SIZE(3, 2), LINEAR}                                     },
    {"resize",          {{2, 5, 7, 9}},    {SIZE(10, 5), LINEAR, PLACES(1)}                         },
    {"resize",          {{1, 3, 37, 11}},  {SIZE(53, 7), LINEAR, PLACES(2)}                         },
    {"resize",          {{1, 4, 8, 6}},    {SIZE(4, 13), LINEAR}                                    },
    ROW("image_to_tensor", 1, 4, 1, 1),
    ROW("image_to_tensor", 2, 4, 5, 7),
    ROW("image_to_tensor", 1, 4, 19, 27),
    ROW("image_to_tensor", 3, 4, 4, 8),
    ROW("tensor_to_image", 1, 3, 1, 1),
    ROW("tensor_to_image", 2, 3, 5, 7),
    ROW("tensor_to_image", 1, 3, 19, 27),
    ROW("tensor_to_image", 3, 3, 4, 8),
    ROW("alpha_composite", 1, 1, 1, 1),
    ROW("alpha_composite", 2, 5, 5, 7),
    ROW("alpha_composite", 1, 4, 19, 27),
    ROW("alpha_composite", 3, 9, 4, 8),
// clang-format on
