// SPDX-License-Identifier: Apache-2.0
// The fused end of a convolution: act(sum + residual). The including file declares, before this line, the tensor
// `residual` (TENSOR_IN) and the push constants p with p.out_shape, p.residual, p.act (index of a word of "act") and
// p.alpha, and its manifest the constant 8: most pipelines have no activation, and are smaller without all of them. The
// forms are those of the activations' own kernels.
#include "tanh.glsl"

layout(constant_id = 8) const bool ACTS = true; // p.act is another word than "none"

REAL4 activate(REAL4 x)
{
    if (!ACTS)
        return x;
    switch (p.act) {
    case 1: // relu
        return max(x, REAL4(0.0));
    case 2: // relu6
        return min(max(x, REAL4(0.0)), REAL4(6.0));
    case 3: // leaky_relu
        return mix(REAL(p.alpha) * x, x, greaterThanEqual(x, REAL4(0.0)));
    case 4: // hard_swish: divided first, so that the product cannot overflow
        return x * (min(max(x + REAL(3.0), REAL4(0.0)), REAL4(6.0)) / REAL(6.0));
    case 5: // silu
        return x / (REAL(1.0) + exp(-x));
    case 6: // sigmoid
        return REAL(1.0) / (REAL(1.0) + exp(-x));
    case 7: // tanh
        return safe_tanh(x);
    }
    return x;
}

// Channels 4 s .. 4 s + 3 of the output at (n, y, x), from their sums.
REAL4 epilogue(REAL4 sum, int n, int s, int y, int x)
{
    if (p.residual != 0)
        sum += residual_load(p.out_shape, n, s, y, x);
    return activate(sum);
}
