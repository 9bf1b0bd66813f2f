// SPDX-License-Identifier: Apache-2.0
/*---
kernel: matmul_direct
operator: matmul
summary: "two rows x four columns of four batches an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw, nhwc, nc4hw4, image]
contract: {accumulator: f32, form: standard}
bindings:
  - {binding: 0, tensor: a}
  - {binding: 1, tensor: b}
  - {binding: 2, tensor: out}
push:
  - {name: a_shape, type: ivec4, value: a}
  - {name: b_shape, type: ivec4, value: b}
  - {name: out_shape, type: ivec4, value: out}
  - {name: trans_a, type: int, value: trans_a}
  - {name: trans_b, type: int, value: trans_b}
dispatch: {flat: "ceil_div(out.w, 4) * ceil_div(out.h, 2) * out.s * out.n"}
---*/
// out[n,c] = a[n,c] b[n,c], matrices of rows h and columns w, either one transposed. Channels are batches here, so the
// four lanes of a texel are four products side by side; a dimension n or c of one is repeated. The columns of an
// invocation lie a quarter of a row apart. Rows and columns behind the last double it and are not stored.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 64) in;

TENSOR_IN(0, a)
TENSOR_IN(1, b)
TENSOR_OUT(2, out)

layout(push_constant) uniform Params {
    ivec4 a_shape, b_shape, out_shape;
    int trans_a, trans_b;
} p;

const int ROWS = 2, COLUMNS = 4;

REAL4 a_at(int n, int s, int row, int k)
{
    ivec2 at = p.trans_a != 0 ? ivec2(k, row) : ivec2(row, k);
    n = min(n, p.a_shape.x - 1);
    return p.a_shape.y == 1 ? REAL4(a_one(p.a_shape, n, 0, at.x, at.y)) : a_load(p.a_shape, n, s, at.x, at.y);
}

REAL4 b_at(int n, int s, int k, int column)
{
    ivec2 at = p.trans_b != 0 ? ivec2(column, k) : ivec2(k, column);
    n = min(n, p.b_shape.x - 1);
    return p.b_shape.y == 1 ? REAL4(b_one(p.b_shape, n, 0, at.x, at.y)) : b_load(p.b_shape, n, s, at.x, at.y);
}

void main()
{
    int index = int(flat_group() * gl_WorkGroupSize.x + gl_LocalInvocationID.x);
    int quarter = (p.out_shape.w + COLUMNS - 1) / COLUMNS, pairs = (p.out_shape.z + ROWS - 1) / ROWS;
    int column = index % quarter;
    index /= quarter;
    int row = index % pairs * ROWS;
    index /= pairs;
    int s = index % slices(p.out_shape), n = index / slices(p.out_shape);
    if (n >= p.out_shape.x)
        return;

    REAL4 sum[ROWS][COLUMNS];
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            sum[i][j] = REAL4(0.0);

    int depth = p.trans_a != 0 ? p.a_shape.z : p.a_shape.w;
    for (int k = 0; k < depth; k++) {
        REAL4 a[ROWS];
        for (int i = 0; i < ROWS; i++)
            a[i] = a_at(n, s, min(row + i, p.out_shape.z - 1), k);
        for (int j = 0; j < COLUMNS; j++) {
            REAL4 b = b_at(n, s, k, min(column + j * quarter, p.out_shape.w - 1));
            for (int i = 0; i < ROWS; i++)
                sum[i][j] += a[i] * b;
        }
    }

    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            int x = column + j * quarter;
            if (row + i < p.out_shape.z && x < p.out_shape.w)
                out_store(p.out_shape, n, s, row + i, x, sum[i][j]);
        }
}
