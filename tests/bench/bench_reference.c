// SPDX-License-Identifier: Apache-2.0
// How fast the reference is on the convolutions of ResNet-50: the plain loops, the matrix product
// alone, and with the sums that bounds are made of, with one and with two cases at a time.
//
//     bench_reference [first shape [last shape]]
#include "reference/operator.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The distinct shapes of ResNet-50 v1.5, batch 1, as oneDNN's
// tests/benchdnn/inputs/conv/shapes_resnet_50_v1_5 has them, and how often the network has each.
static const struct {
    int c, size, o, kernel, stride, pad, times;
} shapes[] = {
    {3,    224, 64,   7, 2, 3, 1},
    {64,   56,  64,   1, 1, 0, 1},
    {64,   56,  64,   3, 1, 1, 3},
    {64,   56,  256,  1, 1, 0, 4},
    {256,  56,  64,   1, 1, 0, 2},
    {256,  56,  128,  1, 1, 0, 1},
    {128,  56,  128,  3, 2, 1, 1},
    {128,  28,  512,  1, 1, 0, 4},
    {256,  56,  512,  1, 2, 0, 1},
    {512,  28,  128,  1, 1, 0, 3},
    {128,  28,  128,  3, 1, 1, 3},
    {512,  28,  256,  1, 1, 0, 1},
    {256,  28,  256,  3, 2, 1, 1},
    {256,  14,  1024, 1, 1, 0, 6},
    {512,  28,  1024, 1, 2, 0, 1},
    {1024, 14,  256,  1, 1, 0, 5},
    {256,  14,  256,  3, 1, 1, 5},
    {1024, 14,  512,  1, 1, 0, 1},
    {512,  14,  512,  3, 2, 1, 1},
    {512,  7,   2048, 1, 1, 0, 3},
    {1024, 14,  2048, 1, 2, 0, 1},
    {2048, 7,   512,  1, 1, 0, 2},
    {512,  7,   512,  3, 1, 1, 2},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

typedef enum mode { PLAIN, VALUE, SUMS, BOUND, MODES } mode;
static const char *const names[] = {"plain", "fast value", "fast value+sums", "and bound"};

typedef struct job {
    assay_problem problem;
    float *data[3];
    mode mode;
    int repeats;
    bool failed;
} job;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void run_once(job *j)
{
    const float *in[] = {j->data[0], j->data[1], j->data[2], NULL};
    assay_reference reference = {0};
    assay_contract contract = assay_contract_default();
    if (j->mode == VALUE) { // a reference without arrays for the sums: they are left out
        reference.count = assay_shape_elements(&j->problem.output);
        reference.value = malloc((size_t)reference.count * sizeof(double));
        j->failed |=
            !reference.value || j->problem.op->fast(&j->problem, in, &reference, NULL) != ASSAY_OK;
    } else {
        j->failed |= assay_reference_create(
                         &j->problem, in, j->mode == PLAIN ? ASSAY_METHOD_PLAIN : ASSAY_METHOD_FAST,
                         &reference, NULL) != ASSAY_OK;
        if (j->mode == BOUND && !j->failed)
            assay_bound(&j->problem, in, &contract, &reference);
    }
    assay_reference_destroy(&reference);
}

static void *run_job(void *argument)
{
    job *j = argument;
    for (int k = 0; k < j->repeats; k++)
        run_once(j);
    return NULL;
}

// Seconds for one case, `threads` of them at a time.
static double measure(const job *one, mode m, int threads)
{
    job jobs[2];
    pthread_t thread[2];
    double flops = assay_problem_flops(&one->problem);
    for (int t = 0; t < threads; t++) {
        jobs[t] = *one;
        jobs[t].mode = m;
        jobs[t].repeats = m == PLAIN ? 1 : 1 + (int)(1e9 / flops);
    }
    double start = now();
    for (int t = 0; t < threads; t++)
        if (pthread_create(&thread[t], NULL, run_job, &jobs[t]) != 0)
            exit(EXIT_FAILURE);
    for (int t = 0; t < threads; t++)
        pthread_join(thread[t], NULL);
    if (jobs[0].failed || jobs[threads - 1].failed)
        exit(EXIT_FAILURE);
    return (now() - start) / (jobs[0].repeats * threads);
}

static bool prepare(int shape, job *j)
{
    assay_problem *p = &j->problem;
    assay_problem_init(p, assay_operator_find("conv2d"));
    p->input[0] = (assay_shape){
        4, {1, shapes[shape].c, shapes[shape].size, shapes[shape].size}
    };
    p->attribute[assay_attribute_index(p->op, "out_channels")].i[0] = shapes[shape].o;
    for (int k = 0; k < 4; k++)
        p->attribute[assay_attribute_index(p->op, "pads")].i[k] = shapes[shape].pad;
    for (int k = 0; k < 2; k++) {
        p->attribute[assay_attribute_index(p->op, "kernel_shape")].i[k] = shapes[shape].kernel;
        p->attribute[assay_attribute_index(p->op, "strides")].i[k] = shapes[shape].stride;
    }
    if (assay_problem_infer(p, NULL) != ASSAY_OK)
        return false;
    for (int i = 0; i < 3; i++) {
        int64_t count = assay_shape_elements(&p->input[i]);
        j->data[i] = malloc((size_t)count * sizeof(float));
        for (int64_t k = 0; j->data[i] && k < count; k++) // half of the data zero, as behind a ReLU
            j->data[i][k] = i == 0 && rand() % 2 ? 0 : (float)rand() / (float)RAND_MAX - 0.5F;
    }
    return j->data[0] && j->data[1] && j->data[2];
}

int main(int argc, char **argv)
{
    int first = argc > 1 ? atoi(argv[1]) : 0, last = argc > 2 ? atoi(argv[2]) : SHAPES - 1;
    double seconds[MODES][3] = {{0}}, flops = 0;
    printf(
        "GFLOP/s            plain |  value  +sums +bound | two at a time: value  +sums +bound\n");
    for (int s = first < 0 ? 0 : first; s <= last && s < SHAPES; s++) {
        job j = {0};
        if (!prepare(s, &j))
            return EXIT_FAILURE;
        double work = assay_problem_flops(&j.problem) * 1e-9, rate[MODES][3];
        for (int m = PLAIN; m < MODES; m++)
            for (int threads = 1; threads <= (m == PLAIN ? 1 : 2); threads++) {
                double time = measure(&j, (mode)m, threads);
                rate[m][threads] = work / time;
                seconds[m][threads] += time * shapes[s].times;
            }
        flops += work * shapes[s].times;
        printf("%4d x%3d ->%5d k%d %5.2f | %6.1f %6.1f %6.1f |               %6.1f %6.1f %6.1f\n",
               shapes[s].c, shapes[s].size, shapes[s].o, shapes[s].kernel, rate[PLAIN][1],
               rate[VALUE][1], rate[SUMS][1], rate[BOUND][1], rate[VALUE][2], rate[SUMS][2],
               rate[BOUND][2]);
        for (int i = 0; i < 3; i++)
            free(j.data[i]);
    }
    printf("the whole network, %.2f GFLOP:\n", flops);
    for (int m = PLAIN; m < MODES; m++)
        for (int threads = 1; threads <= (m == PLAIN ? 1 : 2); threads++)
            printf("  %-16s %d at a time: %7.1f GFLOP/s, %5.1f times the plain loops\n", names[m],
                   threads, flops / seconds[m][threads], seconds[PLAIN][1] / seconds[m][threads]);
    return EXIT_SUCCESS;
}
