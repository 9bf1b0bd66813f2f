// SPDX-License-Identifier: Apache-2.0
/*---
kernel: matmul_tiled
operator: matmul
summary: "tiles of 64 x 64 through shared memory, 4 x 4 an invocation"
precisions: [f32, f16s, f16a]
layouts: [nchw]
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
dispatch: {flat: "256 * ceil_div(out.w, 64) * ceil_div(out.h, 64) * out.c * out.n"}
---*/
// out[n,c] = a[n,c] b[n,c], matrices of rows h and columns w, either one transposed; a dimension n or c of one is repeated.
// A work group makes 64 rows x 64 columns of one matrix, 16 terms at a time. Places behind the last row, column or term
// enter as zeros that were never read. Neighbouring invocations load neighbouring words, transposed or not.
#version 450
#include "flat.glsl"
#include "tensor.glsl"

layout(local_size_x = 256) in;

TENSOR_IN(0, a)
TENSOR_IN(1, b)
layout(std430, set = 0, binding = 2) writeonly buffer Out { STORED out_data[]; };

layout(push_constant) uniform Params {
    ivec4 a_shape, b_shape, out_shape;
    int trans_a, trans_b;
} p;

const int SIDE = 64, DEPTH = 16, LOADS = SIDE * DEPTH / 256;

shared REAL a_tile[DEPTH][SIDE + 1]; // one more, so that columns fall into different banks
shared REAL b_tile[DEPTH][SIDE + 1];

// Place of load r in a tile: (term, row or column). Where terms lie side by side in memory, so do they here.
ivec2 place(int r, bool terms_first)
{
    int element = int(gl_LocalInvocationID.x) + 256 * r;
    return terms_first ? ivec2(element % DEPTH, element / DEPTH) : ivec2(element / SIDE, element % SIDE);
}

void main()
{
    int id = int(gl_LocalInvocationID.x), group = int(flat_group());
    int across = (p.out_shape.w + SIDE - 1) / SIDE, down = (p.out_shape.z + SIDE - 1) / SIDE;
    int column = group % across * SIDE, row = group / across % down * SIDE;
    int batch = group / (across * down);
    int n = batch / p.out_shape.y, c = batch % p.out_shape.y;
    int n_a = min(n, p.a_shape.x - 1), c_a = min(c, p.a_shape.y - 1);
    int n_b = min(n, p.b_shape.x - 1), c_b = min(c, p.b_shape.y - 1);
    if (n >= p.out_shape.x)
        return;

    REAL sum[4][4]; // row, column
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            sum[i][j] = REAL(0.0);

    int depth = p.trans_a != 0 ? p.a_shape.z : p.a_shape.w;
    for (int k0 = 0; k0 < depth; k0 += DEPTH) {
        for (int r = 0; r < LOADS; r++) {
            ivec2 at = place(r, p.trans_a == 0);
            int k = k0 + at.x, y = row + at.y;
            REAL value = REAL(0.0);
            if (k < depth && y < p.out_shape.z)
                value = p.trans_a != 0 ? a_one(p.a_shape, n_a, c_a, k, y) : a_one(p.a_shape, n_a, c_a, y, k);
            a_tile[at.x][at.y] = value;
        }
        for (int r = 0; r < LOADS; r++) {
            ivec2 at = place(r, p.trans_b != 0);
            int k = k0 + at.x, x = column + at.y;
            REAL value = REAL(0.0);
            if (k < depth && x < p.out_shape.w)
                value = p.trans_b != 0 ? b_one(p.b_shape, n_b, c_b, x, k) : b_one(p.b_shape, n_b, c_b, k, x);
            b_tile[at.x][at.y] = value;
        }
        barrier(); // tiles are whole
        for (int k = 0; k < DEPTH; k++) {
            for (int i = 0; i < 4; i++) {
                REAL left = a_tile[k][id / 16 + 16 * i];
                for (int j = 0; j < 4; j++)
                    sum[i][j] += left * b_tile[k][id % 16 + 16 * j];
            }
        }
        barrier(); // tiles may be overwritten
    }

    for (int i = 0; i < 4; i++) {
        int y = row + id / 16 + 16 * i;
        for (int j = 0; j < 4; j++) {
            int x = column + id % 16 + 16 * j;
            if (y < p.out_shape.z && x < p.out_shape.w)
                out_data[tensor_first(p.out_shape, n, c, y, x)] = STORED(sum[i][j]);
        }
    }
}
