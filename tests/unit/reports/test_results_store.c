// SPDX-License-Identifier: Apache-2.0
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "reports/store_internal.h"
#include "tests/unit/reports/sample_results.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char path[256];
static assay_run_info run;

static int fresh(void **state)
{
    (void)state;
    sample_path(path, sizeof path, "results.h5");
    unlink(path);
    sample_run(&run);
    return 0;
}

static assay_result *make(size_t count)
{
    assay_result *results = calloc(count + 1, sizeof *results);
    assert_non_null(results);
    for (size_t i = 0; i < count; i++)
        sample_plain(&results[i], (int)i);
    return results;
}

static void write_or_fail(const assay_result *results, size_t count)
{
    assay_error error = {0};
    if (assay_results_write(path, &run, results, count, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static void expect(const assay_result *wanted, size_t count)
{
    assay_result *results = NULL;
    assay_run_info known;
    assay_error error = {0};
    size_t got = 0;
    if (assay_results_read(path, &known, &results, &got, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(got, count);
    assert_memory_equal(&known, &run, sizeof run);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(&results[i], &wanted[i], sizeof *results);
    free(results);
}

static void expect_refusal(assay_status status, const char *words)
{
    assay_result other, *results = &other; // must become NULL
    assay_run_info known;
    assay_error error = {0};
    size_t got = 7;
    assert_int_equal(assay_results_read(path, &known, &results, &got, &error), status);
    assert_null(results);
    assert_int_equal(got, 0);
    if (!strstr(error.message, path) || !strstr(error.message, words))
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
}

static uint8_t *slurp(size_t *size)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    uint8_t *bytes = malloc((size_t)about.st_size + 1);
    FILE *file = fopen(path, "rb");
    assert_true(bytes && file);
    *size = fread(bytes, 1, (size_t)about.st_size, file);
    assert_int_equal(*size, about.st_size);
    fclose(file);
    return bytes;
}

static void spill(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
}

static void results_come_back(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 7, 5000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        assay_result *results = make(counts[i]);
        write_or_fail(results, counts[i]); // over the one before, too
        expect(results, counts[i]);
        free(results);
    }
    assay_result *results = make(300);
    uint64_t seed = 4;
    for (int i = 0; i < 300; i++)
        sample_random(&results[i], &seed);
    memset(run.probe, 'p', sizeof run.probe - 1);
    write_or_fail(results, 300);
    expect(results, 300);
    free(results);
}

static void equal_input_gives_equal_bytes(void **state)
{
    (void)state;
    assay_result *results = make(900);
    size_t a_size, b_size;
    write_or_fail(results, 900);
    uint8_t *a = slurp(&a_size);
    struct timespec pause = {1, 100000000};
    nanosleep(&pause, NULL); // a time in the file would differ now
    write_or_fail(results, 900);
    uint8_t *b = slurp(&b_size);
    assert_int_equal(a_size, b_size);
    assert_memory_equal(a, b, a_size);
    results[899].changed[0]++;
    free(b);
    write_or_fail(results, 900);
    b = slurp(&b_size);
    assert_true(a_size != b_size || memcmp(a, b, a_size) != 0);
    free(a);
    free(b);
    free(results);
}

static void every_flipped_bit_is_seen(void **state)
{
    (void)state;
    assay_result *results = make(6);
    size_t size;
    uint64_t seed = 9;
    write_or_fail(results, 6);
    uint8_t *bytes = slurp(&size);
    for (size_t i = 0; i < 1500; i++) {
        size_t at = i < 600 ? i : sample_next(&seed) % size;
        uint8_t flip = (uint8_t)(1u << (i % 8));
        bytes[at] ^= flip;
        spill(bytes, size);
        expect_refusal(ASSAY_FORMAT, "");
        bytes[at] ^= flip;
    }
    spill(bytes, size);
    expect(results, 6);
    free(bytes);
    free(results);
}

static void every_truncation_is_seen(void **state)
{
    (void)state;
    assay_result *results = make(6);
    size_t size;
    write_or_fail(results, 6);
    uint8_t *bytes = slurp(&size);
    for (size_t cut = 0; cut < size; cut += cut < 600 ? 1 : 97) {
        spill(bytes, cut);
        expect_refusal(ASSAY_FORMAT, cut == 0 ? "does not begin" : "cut short");
    }
    free(bytes);
    free(results);
}

static void others_files_are_refused(void **state)
{
    (void)state;
    expect_refusal(ASSAY_READ, "No such file");
    spill((const uint8_t *)"\x89HDF\r\n\x1a\n and more", 17);
    expect_refusal(ASSAY_FORMAT, "does not begin");
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    expect_refusal(ASSAY_READ, "");
    rmdir(path);
    assert_int_equal(assay__results_replace(path, (const uint8_t *)"no HDF5", 7, NULL), ASSAY_OK);
    expect_refusal(ASSAY_FORMAT, "no HDF5 file");
}

// What a hand with a valid seal may have done to the HDF5 inside.
static void drop_column(hid_t file)
{
    H5Ldelete(file, "results/use_max", H5P_DEFAULT);
}

static void drop_run(hid_t file)
{
    H5Adelete_by_name(file, "run", "driver", H5P_DEFAULT);
}

static void other_schema(hid_t file)
{
    int schema = ASSAY_RESULTS_SCHEMA + 1;
    hid_t attribute = H5Aopen(file, "schema_version", H5P_DEFAULT);
    H5Awrite(attribute, H5T_NATIVE_INT, &schema);
    H5Aclose(attribute);
}

static void other_format(hid_t file)
{
    H5Adelete(file, "format");
}

static hid_t replace_column(hid_t file, const char *name, hid_t type, int rank, const hsize_t *dim)
{
    hid_t space = H5Screate_simple(rank, dim, NULL);
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t chunk[2] = {4, 4};
    H5Pset_chunk(list, rank, chunk);
    H5Ldelete(file, name, H5P_DEFAULT);
    hid_t column = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    assert_true(column >= 0);
    H5Pclose(list);
    H5Sclose(space);
    return column;
}

static void shorter_column(hid_t file)
{
    int64_t data[5] = {0};
    hid_t column = replace_column(file, "results/elements", H5T_STD_I64LE, 1, (hsize_t[]){5});
    H5Dwrite(column, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    H5Dclose(column);
}

static void endless_column(hid_t file)
{
    hsize_t dim[] = {(hsize_t)1 << 40};
    hid_t type = assay__column_type(&assay_result_fields[0], 200);
    H5Dclose(replace_column(file, "results/check", type, 1, dim));
    H5Tclose(type);
}

static void empty_chunks(hid_t file)
{
    hid_t type = assay__column_type(&assay_result_fields[0], 200);
    H5Dclose(replace_column(file, "results/check", type, 1, (hsize_t[]){3000000}));
    H5Tclose(type);
}

static void other_shape(hid_t file)
{
    H5Dclose(replace_column(file, "results/ulp_histogram", H5T_STD_I64LE, 2, (hsize_t[]){6, 23}));
}

static void other_type(hid_t file)
{
    H5Dclose(replace_column(file, "results/abs_max", H5T_IEEE_F32LE, 1, (hsize_t[]){6}));
}

static void text_too_wide(hid_t file)
{
    hid_t type = assay__column_type(&assay_result_fields[0], ASSAY_TEXT);
    H5Dclose(replace_column(file, "results/check", type, 1, (hsize_t[]){6}));
    H5Tclose(type);
}

static void text_of_any_length(hid_t file)
{
    hid_t type = assay__column_type(&assay_result_fields[0], H5T_VARIABLE);
    H5Dclose(replace_column(file, "results/check", type, 1, (hsize_t[]){6}));
    H5Tclose(type);
}

static void unknown_verdict(hid_t file)
{
    int64_t verdicts[6] = {0, 1, 2, 99, 0, 0};
    hid_t column = H5Dopen2(file, "results/verdict", H5P_DEFAULT);
    hid_t type = H5Dget_type(column);
    H5Dwrite(column, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, verdicts);
    H5Tclose(type);
    H5Dclose(column);
}

static void group_for_column(hid_t file)
{
    H5Ldelete(file, "results/tier", H5P_DEFAULT);
    H5Gclose(H5Gcreate2(file, "results/tier", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void reseal(void (*damage)(hid_t))
{
    uint8_t *image = NULL;
    size_t size = 0;
    assert_int_equal(assay__results_load(path, &image, &size, NULL), ASSAY_OK);
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, false);
    H5Pset_file_image(access, image, size);
    hid_t file = H5Fopen("damaged", H5F_ACC_RDWR, access);
    assert_true(file >= 0);
    damage(file);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    free(image);
    ssize_t wanted = H5Fget_file_image(file, NULL, 0);
    image = malloc((size_t)wanted);
    assert_int_equal(H5Fget_file_image(file, image, (size_t)wanted), wanted);
    H5Fclose(file);
    H5Pclose(access);
    assert_int_equal(assay__results_replace(path, image, (size_t)wanted, NULL), ASSAY_OK);
    free(image);
}

static void hostile_contents_are_refused(void **state)
{
    static const struct {
        void (*damage)(hid_t);
        assay_status status;
        const char *words;
    } rows[] = {
        {drop_column,        ASSAY_FORMAT, "use_max: is missing"   },
        {drop_run,           ASSAY_FORMAT, "driver"                },
        {other_schema,       ASSAY_SCHEMA, "schema_version is 2"   },
        {other_format,       ASSAY_FORMAT, "\"format\""            },
        {shorter_column,     ASSAY_FORMAT, "elements: has 5 rows"  },
        {endless_column,     ASSAY_FORMAT, "check: claims"         },
        {empty_chunks,       ASSAY_FORMAT, "check: claims"         },
        {other_shape,        ASSAY_FORMAT, "ulp_histogram: has ano"},
        {other_type,         ASSAY_FORMAT, "abs_max: has another"  },
        {text_too_wide,      ASSAY_FORMAT, "check: should hold"    },
        {text_of_any_length, ASSAY_FORMAT, "check: should hold"    },
        {unknown_verdict,    ASSAY_FORMAT, "row 3"                 },
        {group_for_column,   ASSAY_FORMAT, "tier: is missing"      },
    };
    (void)state;
    assay_result *results = make(6);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_or_fail(results, 6);
        reseal(rows[i].damage);
        expect_refusal(rows[i].status, rows[i].words);
    }
    free(results);
}

static void failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    assay_result *few = make(3), *many = make(3000);
    assay_error error = {0};
    struct rlimit before, limit;
    write_or_fail(few, 3);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    assay_status status = assay_results_write(path, &run, many, 3000, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, ASSAY_WRITE);
    assert_non_null(strstr(error.message, path));
    expect(few, 3);
    assert_int_equal(assay_results_write("/nowhere/r.h5", &run, few, 3, &error), ASSAY_WRITE);
    assert_non_null(strstr(error.message, "/nowhere/r.h5"));
    free(few);
    free(many);
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(sample_folder()); // fails when a partial file was left
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(results_come_back, fresh),
        cmocka_unit_test_setup(equal_input_gives_equal_bytes, fresh),
        cmocka_unit_test_setup(every_flipped_bit_is_seen, fresh),
        cmocka_unit_test_setup(every_truncation_is_seen, fresh),
        cmocka_unit_test_setup(others_files_are_refused, fresh),
        cmocka_unit_test_setup(hostile_contents_are_refused, fresh),
        cmocka_unit_test_setup(failed_write_leaves_the_old_file, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
