// SPDX-License-Identifier: Apache-2.0
// Bytes as an ONNX model, taken as far as the problem that assay would check; and as a tensor.
#include "fixtures/onnx_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

// What every input of the graph is.
static const float elements[24] = {1, 2, 3, 4, -5};
static int64_t dims[] = {1, 2, 3, 4};

static void import(const Onnx__ModelProto *model)
{
    assay_error error;
    assay__onnx_plan plan;
    assay__onnx_job job = {.error = &error};
    Onnx__TensorProto tensor = ONNX__TENSOR_PROTO__INIT, *list[] = {&tensor, &tensor, &tensor};
    assay__onnx_data data = {list, 3};
    tensor.n_dims = 4;
    tensor.dims = dims;
    tensor.data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    tensor.n_float_data = 24;
    tensor.float_data = (float *)elements;
    if (assay__onnx_plan_make(model, &plan, &error))
        return;
    if (!assay__onnx_gather(&plan, &data, &job) && !assay__onnx_map(&job) &&
        !job.data[0]) // whatever is mapped has an input
        __builtin_trap();
    assay__onnx_job_destroy(&job);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    assay_error error;
    Onnx__ModelProto *model;
    Onnx__TensorProto *tensor;
    assay__onnx_tensor value;
    if (!assay__onnx_parse_model("fuzz", bytes, size, &model, &error)) {
        import(model);
        onnx__model_proto__free_unpacked(model, NULL);
    }
    if (!assay__onnx_parse_tensor("fuzz", bytes, size, &tensor, &error)) {
        if (!assay__onnx_tensor_create(tensor, "fuzz", &value, &error) && value.count < 1)
            __builtin_trap();
        assay__onnx_tensor_destroy(&value);
        onnx__tensor_proto__free_unpacked(tensor, NULL);
    }
    return 0;
}
