// SPDX-License-Identifier: Apache-2.0
// The fast reference against the plain one, over problems with all attributes: the values within 2
// n 2^-53 A of each other, the sums as documented.
#include "tests/unit/reference/reference_problems.h"

#include <pthread.h>

typedef enum data_kind { NORMAL, SPARSE, INTEGER, HUGE_RANGE, TINY, DATA_KINDS } data_kind;

static float draw(data_kind kind, bool weights)
{
    switch (kind) {
    case SPARSE:
        return random_integer(0, 9) ? 0 : random_float();
    case INTEGER:
        return (float)random_integer(weights ? -2 : -4, weights ? 2 : 4);
    case HUGE_RANGE:
        return (float)ldexp((double)random_float(), (int)random_integer(-60, 55));
    case TINY:
        return (float)ldexp((double)random_float(), (int)random_integer(-149, weights ? 10 : -100));
    case NORMAL:
    case DATA_KINDS:
        break;
    }
    return random_float();
}

static assay_problem random_convolution(void)
{
    int64_t groups = random_integer(0, 2) ? 1 : random_integer(2, 4);
    bool depthwise = random_integer(0, 4) == 0;
    int64_t channels = groups * random_integer(1, depthwise ? 1 : 9);
    assay_problem p = start("conv2d", nchw(random_integer(1, 3), channels, random_integer(1, 13),
                                           random_integer(1, 17)));
    set(&p, "out_channels", groups * random_integer(1, 9), 0);
    set(&p, "group", groups, 0);
    set(&p, "kernel_shape", random_integer(1, 5), random_integer(1, 5));
    set(&p, "strides", random_integer(1, 3), random_integer(1, 3));
    set(&p, "dilations", random_integer(1, 3), random_integer(1, 3));
    set_pads(&p, random_integer(0, 6), random_integer(0, 6), random_integer(0, 6),
             random_integer(0, 6));
    attribute(&p, "pads")->mode = (int)random_integer(0, 3);
    set(&p, "bias", random_integer(0, 1), 0);
    if (random_integer(0, 5) == 0) { // a 1 x 1 window, which needs no columns
        set(&p, "kernel_shape", 1, 1);
        set(&p, "strides", 1, 1);
        set_pads(&p, 0, 0, 0, 0);
    }
    return p;
}

static assay_problem random_linear(void)
{
    assay_problem p = start("linear", (assay_shape){
                                          2, {random_integer(1, 5), random_integer(1, 300), 1, 1}
    });
    set(&p, "out_features", random_integer(1, 40), 0);
    set(&p, "bias", random_integer(0, 1), 0);
    return p;
}

static double largest_of(const bench *b, int input)
{
    double largest = 0;
    for (int64_t k = 0; k < assay_shape_elements(&b->p.input[input]); k++)
        largest = fmax(largest, fabs((double)b->data[input][k]));
    return largest;
}

static void compare(const bench *plain, const bench *fast)
{
    double product =
        largest_of(plain, 0) * largest_of(plain, 1); // f32 loses what is 2^-80 of this
    assert_true(plain->ref.quantum == fast->ref.quantum);
    for (int64_t i = 0; i < plain->ref.count; i++) {
        double n = (double)plain->ref.terms[i], a = plain->ref.magnitude[i];
        double q = plain->ref.square[i];
        if (!(fabs(plain->ref.value[i] - fast->ref.value[i]) <= 2 * n * 0x1p-53 * a))
            fail_msg("value %d: %.17g and %.17g, n %g, A %g", (int)i, plain->ref.value[i],
                     fast->ref.value[i], n, a);
        if (plain->ref.terms[i] != fast->ref.terms[i])
            fail_msg("terms %d: %g and %g", (int)i, n, (double)fast->ref.terms[i]);
        // From above, and where it is not far below the largest products by no more than a few
        // roundings of f32.
        if (fast->ref.magnitude[i] < a * (1 - n * 0x1p-52))
            fail_msg("magnitude %d: %.17g below %.17g", (int)i, fast->ref.magnitude[i], a);
        if (fast->ref.magnitude[i] > a * (1 + (n + 4) * 0x1p-22) + n * 0x1p-78 * product)
            fail_msg("magnitude %d: %.17g, not %.17g", (int)i, fast->ref.magnitude[i], a);
        if (q > product * product * 0x1p-40 && q > 1e-200 &&
            fabs(fast->ref.square[i] - q) > q * (n + 4) * 0x1p-22)
            fail_msg("square %d: %.17g, not %.17g", (int)i, fast->ref.square[i], q);
        if (plain->ref.bound[i] == 0 && fast->ref.bound[i] != 0)
            assert_true(plain->ref.quantum > 0 && a * 1.01 > plain->ref.quantum * 0x1p24);
        assert_true(fast->ref.bound[i] >= plain->ref.bound[i] * (1 - 0x1p-30));
    }
}

static void test_random_problems(void **state)
{
    (void)state;
    assay_contract c = nearest();
    int done = 0;
    int64_t elements = 0;
    for (int round = 0; done < 1500; round++) {
        assay_problem p = round % 8 == 7 ? random_linear() : random_convolution();
        if (assay_problem_infer(&p, NULL) != ASSAY_OK)
            continue;
        done++;
        bench plain = bench_of(p), fast = plain;
        for (int i = 0; i < 3; i++) {
            int64_t count = assay_shape_elements(&plain.p.input[i]);
            for (int64_t k = 0; k < count; k++)
                plain.data[i][k] = draw((data_kind)(round % DATA_KINDS), i == 1);
        }
        solve(&plain, ASSAY_METHOD_PLAIN, &c);
        solve(&fast, ASSAY_METHOD_FAST, &c);
        compare(&plain, &fast);
        elements += plain.ref.count;
        assay_reference_destroy(&fast.ref);
        bench_destroy(&plain);
    }
    print_message("%d problems, %d elements\n", done, (int)elements);
}

// Larger than one block in both directions, and large enough for AUTO to choose it.
static void test_blocks(void **state)
{
    (void)state;
    assay_problem p = start("conv2d", nchw(2, 40, 24, 25));
    set(&p, "out_channels", 300, 0);
    set(&p, "kernel_shape", 1, 3);
    set_pads(&p, 0, 1, 0, 1);
    bench plain = bench_of(p), fast = plain;
    assay_contract c = nearest();
    for (int i = 0; i < 3; i++)
        for (int64_t k = 0; k < assay_shape_elements(&plain.p.input[i]); k++)
            plain.data[i][k] = random_float();
    solve(&plain, ASSAY_METHOD_PLAIN, &c);
    solve(&fast, ASSAY_METHOD_AUTO, &c);
    compare(&plain, &fast);
    int64_t differing = 0;
    for (int64_t i = 0; i < plain.ref.count; i++)
        differing += plain.ref.magnitude[i] != fast.ref.magnitude[i];
    assert_true(differing > 0); // it was not the plain one twice
    assay_reference_destroy(&fast.ref);
    plain.data[1][77] = 0; // no longer dense: the terms are counted by a product
    plain.data[0][0] = 0;
    solve(&plain, ASSAY_METHOD_PLAIN, &c);
    solve(&fast, ASSAY_METHOD_FAST, &c);
    compare(&plain, &fast);
    assay_reference_destroy(&fast.ref);
    bench_destroy(&plain);
}

static void *solve_again(void *argument)
{
    bench *b = argument;
    assay_reference ref;
    bool same = true;
    for (int k = 0; k < 20 && same; k++) {
        if (assay_reference_create(&b->p, b->in, ASSAY_METHOD_FAST, &ref, NULL) != ASSAY_OK)
            return argument;
        same = memcmp(ref.value, b->ref.value, (size_t)ref.count * sizeof(double)) == 0 &&
               memcmp(ref.magnitude, b->ref.magnitude, (size_t)ref.count * sizeof(double)) == 0;
        assay_reference_destroy(&ref);
    }
    return same ? NULL : argument;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[4];
    assay_problem p = start("conv2d", nchw(1, 16, 20, 20));
    set(&p, "out_channels", 32, 0);
    set(&p, "kernel_shape", 3, 3);
    bench b = bench_of(p);
    assay_contract c = nearest();
    for (int i = 0; i < 3; i++)
        for (int64_t k = 0; k < assay_shape_elements(&b.p.input[i]); k++)
            b.data[i][k] = random_float();
    solve(&b, ASSAY_METHOD_FAST, &c);
    for (int t = 0; t < 4; t++)
        assert_int_equal(pthread_create(&threads[t], NULL, solve_again, &b), 0);
    for (int t = 0; t < 4; t++) {
        void *wrong;
        pthread_join(threads[t], &wrong);
        assert_null(wrong);
    }
    bench_destroy(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_problems),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
