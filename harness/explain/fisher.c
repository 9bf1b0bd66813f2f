// SPDX-License-Identifier: Apache-2.0
// Fisher's exact test: a hypergeometric tail, summed in logarithms.
#include "harness/explain/explain_internal.h"

#include <math.h>

static double log_choose(int64_t n, int64_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

double assay__fisher(int64_t wrong_in, int64_t in, int64_t wrong, int64_t all)
{
    int64_t least = in + wrong - all > 0 ? in + wrong - all : 0; // so many must be in it
    int64_t most = in < wrong ? in : wrong;
    double largest = (double)-INFINITY, sum = 0;
    if (wrong_in <= least)
        return 0;
    for (int64_t k = wrong_in; k <= most; k++) {
        double term = log_choose(wrong, k) + log_choose(all - wrong, in - k) - log_choose(all, in);
        if (term > largest) {
            sum = sum * exp(largest - term) + 1;
            largest = term;
        } else {
            sum += exp(term - largest);
        }
    }
    double p = largest + log(sum);
    return p < 0 ? p : 0;
}
