// SPDX-License-Identifier: Apache-2.0
// The operator table: what an operator is called, its attributes, its tensors, and the functions that know it.
// One row in operators.def and one file in operators/ add an operator.
#ifndef ASSAY_OPERATOR_H
#define ASSAY_OPERATOR_H

#include "reference/contract.h"
#include "reference/reference.h"
#include "reference/status.h"
#include "reference/tensor.h"

#define ASSAY_INPUTS_MAX     6
#define ASSAY_ATTRIBUTES_MAX 16

typedef enum assay_attribute_type {
    ASSAY_ATTRIBUTE_INT,     // value.i[0]
    ASSAY_ATTRIBUTE_FLAG,    // value.i[0], 0 or 1
    ASSAY_ATTRIBUTE_FLOAT,   // value.f, the bits a kernel is given
    ASSAY_ATTRIBUTE_PAIR,    // value.i[0] for y (height), value.i[1] for x (width)
    ASSAY_ATTRIBUTE_PADDING, // value.i[0..3] = top, left, bottom, right and value.mode, an assay_pad_mode
    ASSAY_ATTRIBUTE_DIMS,    // value.i[0..3], one for each of n, c, h, w
    ASSAY_ATTRIBUTE_WORD,    // value.i[0], an index into attribute.words
} assay_attribute_type;

typedef enum assay_pad_mode {
    ASSAY_PAD_EXPLICIT,   // the four numbers
    ASSAY_PAD_SAME_UPPER, // out = ceil(in / stride); the odd element goes to the end
    ASSAY_PAD_SAME_LOWER, // the odd element goes to the beginning
    ASSAY_PAD_VALID,      // none
} assay_pad_mode;

typedef struct assay_value {
    int64_t i[4];
    float f;
    int mode;
} assay_value;

typedef struct assay_attribute {
    const char *name;     // ONNX's name ("strides"); in manifests see assay_operator.variables
    const char *spelling; // in a case string: the letters before the value ("s")
    const char *variable; // stem of its names in manifest expressions ("stride" -> stride_h, stride_w)
    assay_attribute_type type;
    bool always;   // spelled out in a canonical case string even when it has its default
    bool full;     // a PAIR that is spelled HxW even when both are equal
    int64_t least; // smallest legal integer value
    int64_t most;  // largest legal integer value
    assay_value standard; // the default
    const char *summary;  // one line, for help and documentation
    const char *const *words; // of a WORD, up to a NULL; lower case letters, digits and '_'
} assay_attribute;

// What a tensor is for: decides how a data set fills it and how it is packed. DATA and PIXELS of rank 4 or "nc" lie in
// the variant's layout, WEIGHTS with the letters o and i in the layout of its weights; everything else is dense.
typedef enum assay_role {
    ASSAY_ROLE_DATA,
    ASSAY_ROLE_WEIGHTS,
    ASSAY_ROLE_BIAS,
    ASSAY_ROLE_SCALE,    // factor of a channel
    ASSAY_ROLE_VARIANCE, // not negative
    ASSAY_ROLE_MASK,     // 0 .. 1
    ASSAY_ROLE_PIXELS,   // whole numbers 0 .. 255, four channels; stored as RGBA8 whatever the precision
} assay_role;

typedef struct assay_tensor_info {
    const char *name;    // "in", "weights", "bias", "a", "b"; the output is always "out"
    const char *letters; // one letter a dimension, outermost first: "nchw", "oihw", "o"
    assay_role role;
    const char *summary;
    bool optional; // infer may leave it absent (rank 0), and a kernel need not bind it
} assay_tensor_info;

// What an operator does with its data: decides which values are hard for it (docs/case-strings.md, "Data sets").
typedef enum assay_kind {
    ASSAY_KIND_AUTO,     // PRODUCTS with an input of weights, MEAN where `reduction`, else SELECT
    ASSAY_KIND_PRODUCTS, // sums of data times weights; without a tensor of weights the second input is one (matmul)
    ASSAY_KIND_MEAN,     // sums of data over a window or a plane
    ASSAY_KIND_NORM,     // sums of squares of data over a plane: normalisations
    ASSAY_KIND_ADD,      // one sum of two tensors
    ASSAY_KIND_SELECT,   // one of the operands comes out: maxima, relu, clip
    ASSAY_KIND_EXP,      // made of exp: sigmoid, tanh, softmax
    ASSAY_KIND_LOG,      // the first input is positive: log, sqrt, the base of a power, whose exponent is the second
    ASSAY_KIND_DIVIDE,   // a product or a quotient of two inputs, or 1 / x: the last input is away from 0
    ASSAY_KIND_MOVE,     // every output element is an input element
} assay_kind;

// What holds bit for bit, in every order of summation, when the data of a batch item carries a factor s = +-2^k (data
// set twins, tier T4). Biases are zero where s may be other than 1. Only for forms whose every step has the symmetry:
// tanh as 1 - 2 / (1 + exp(2x)) is odd in mathematics but not in bits.
typedef enum assay_symmetry {
    ASSAY_SYMMETRY_COPY,   // s = 1: equal data, equal results
    ASSAY_SYMMETRY_SIGN,   // s = +-1: f(s x) = s f(x)
    ASSAY_SYMMETRY_SCALE,  // s > 0: f(s x) = s f(x)
    ASSAY_SYMMETRY_LINEAR, // f(s x) = s f(x)
    ASSAY_SYMMETRY_FIRST,  // f(s x, y) = s f(x, y): products and quotients
    ASSAY_SYMMETRY_EVEN,   // f(s x) = |s| f(x)
    ASSAY_SYMMETRY_INDEX,  // s > 0: f(s x) = f(x)
} assay_symmetry;

typedef struct assay_operator assay_operator;

// An operator with its attributes and all shapes: everything but the data.
typedef struct assay_problem {
    const assay_operator *op;
    assay_value attribute[ASSAY_ATTRIBUTES_MAX]; // by index in op->attributes
    int64_t pad[4];                              // resolved: top, left, bottom, right
    assay_shape input[ASSAY_INPUTS_MAX];         // by index in op->inputs; rank 0 = absent (no bias)
    assay_shape output;
} assay_problem;

struct assay_operator {
    const char *name;    // "conv2d"
    const char *onnx;    // "Conv"
    const char *summary; // one line
    const assay_attribute *attributes;
    int attribute_count;
    const assay_tensor_info *inputs;
    int input_count;
    int given;          // how many leading inputs a case spells out, fewer where the last are optional; infer finds
                        // the other shapes
    const char *output; // dimension letters of the output
    assay_role output_role; // DATA, or PIXELS: the output is stored as RGBA8
    bool reduction;     // the reference fills magnitude, square and terms
    assay_kind kind;    // which values are hard for it
    assay_symmetry symmetry; // what its kernels keep bit for bit

    // In: attributes and input[0 .. given-1]. Out: pad, the other inputs, output. Fails with ASSAY_SHAPE and a
    // sentence when the output would be empty, a size overflows or attributes contradict each other.
    assay_status (*infer)(assay_problem *problem, assay_error *error);

    // The plain definition in fp64, in a fixed order. Fills value (and magnitude, square, terms; nan_allowed).
    // `in` holds one dense array for each input, NULL where absent. Cannot fail: sizes were checked by infer.
    void (*reference)(const assay_problem *problem, const float *const *in,
                      assay_reference *reference);

    // The same through OpenBLAS, or NULL. May fail with ASSAY_MEMORY.
    assay_status (*fast)(const assay_problem *problem, const float *const *in,
                         assay_reference *reference, assay_error *error);

    // Fills reference->bound: |result before the final store - value| <= bound for every arithmetic that
    // `contract` allows. Called after reference or fast.
    void (*bound)(const assay_problem *problem, const float *const *in,
                  const assay_contract *contract, assay_reference *reference);

    // What an elementwise operator of one input computes (unary_internal.h), or NULL. A convolution's epilogue finds its
    // activation here, by the operator's name.
    const struct assay__unary *unary;

    // Arithmetic operations (a multiply-add is two), and bytes read once and written once in f32.
    double (*flops)(const assay_problem *problem);
};

// All operators, in the order of operators.def, and how many there are.
extern const assay_operator *const assay_operators[];
extern const int assay_operator_count;

// NULL when there is none of that name.
const assay_operator *assay_operator_find(const char *name);

// What an operator does with its data, AUTO being settled.
assay_kind assay_operator_kind(const assay_operator *op);

// Index of an attribute by ONNX name, or -1; and of an input by tensor name, or -1.
int assay_attribute_index(const assay_operator *op, const char *name);
int assay_input_index(const assay_operator *op, const char *name);

// Value of an attribute that the operator is known to have.
const assay_value *assay_get(const assay_problem *problem, const char *name);

// Starts a problem: sets op and every attribute to its default, shapes absent.
void assay_problem_init(assay_problem *problem, const assay_operator *op);

// Checks every attribute against its range and the given shapes for size, then calls op->infer and checks the
// sizes of what it found. Every problem must pass here before anything else is done with it.
ASSAY_CHECKED assay_status assay_problem_infer(assay_problem *problem, assay_error *error);

// Bytes read once and written once, in f32.
double assay_problem_bytes(const assay_problem *problem);
double assay_problem_flops(const assay_problem *problem);

// The value of a name in manifest expressions: `in.h`, `out.count` (elements), `kernel_h`, `stride_w`, `pad_top`,
// `groups`, `bias` (1 when present), `has_bias` (of any optional input); a PAIR's bare stem (`stride`) when both are
// equal, else -1; of DIMS `perm_n`, `perm_c`, `perm_h`, `perm_w`; a WORD's index.
// false: the operator has no such name. FLOAT attributes are found by assay_problem_float instead.
bool assay_problem_variable(const assay_problem *problem, const char *name, int64_t *value);
bool assay_problem_float(const assay_problem *problem, const char *name, float *value);

#endif
