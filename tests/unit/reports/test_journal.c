// SPDX-License-Identifier: Apache-2.0
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "reports/journal.h"
#include "tests/unit/reports/sample_results.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char path[256];
static assay_run_info run;

static int fresh(void **state)
{
    (void)state;
    sample_path(path, sizeof path, "r.h5.journal");
    unlink(path);
    sample_run(&run);
    return 0;
}

static assay_journal *open_or_fail(bool resume)
{
    assay_journal *journal = NULL;
    assay_error error = {0};
    if (assay_journal_open(path, &run, resume, &journal, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    return journal;
}

static void append(assay_journal *journal, int i)
{
    assay_result result;
    assay_error error = {0};
    sample_plain(&result, i);
    if (assay_journal_append(journal, &result, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
}

static void write_some(int count)
{
    assay_journal *journal = open_or_fail(false);
    for (int i = 0; i < count; i++)
        append(journal, i);
    assay_journal_close(journal);
}

// The journal holds results 0 .. count - 1 in order.
static void expect(size_t count)
{
    assay_result *results = NULL, wanted;
    assay_error error = {0};
    assay_run_info known;
    size_t got = 0;
    if (assay_journal_read(path, &known, &results, &got, &error) != ASSAY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(got, count);
    assert_memory_equal(&known, &run, sizeof run);
    for (size_t i = 0; i < got; i++) {
        sample_plain(&wanted, (int)i);
        assert_memory_equal(&results[i], &wanted, sizeof wanted);
    }
    free(results);
}

static void expect_refusal(assay_status status, const char *words)
{
    assay_result other, *results = &other; // must become NULL
    assay_error error = {0};
    assay_run_info known;
    size_t got = 7;
    assert_int_equal(assay_journal_read(path, &known, &results, &got, &error), status);
    assert_null(results);
    assert_int_equal(got, 0);
    if (!strstr(error.message, path) || !strstr(error.message, words))
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
}

static off_t size_of(void)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_size;
}

static void poke(off_t at, uint8_t flip)
{
    uint8_t byte;
    int file = open(path, O_RDWR);
    assert_int_equal(pread(file, &byte, 1, at), 1);
    byte ^= flip;
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

static void goes_on_where_it_ended(void **state)
{
    (void)state;
    write_some(40);
    expect(40);
    assay_journal *journal = open_or_fail(true);
    for (int i = 35; i < 60; i++) // five of them once more: they count once
        append(journal, i);
    expect(60); // of an open journal too
    assay_journal_close(journal);
    expect(60);
    assay_journal_close(NULL);
}

static void keeps_what_exists(void **state)
{
    (void)state;
    assay_journal *journal = NULL;
    assay_error error = {0};
    write_some(3);
    assert_int_equal(assay_journal_open(path, &run, false, &journal, &error), ASSAY_WRITE);
    assert_null(journal);
    assert_non_null(strstr(error.message, "exists"));
    expect(3);
    assert_int_equal(assay_journal_open("/nowhere/x", &run, false, &journal, &error), ASSAY_WRITE);
    assert_int_equal(assay_journal_open("/dev/full", &run, false, &journal, &error), ASSAY_WRITE);
    assert_non_null(strstr(error.message, "regular"));
}

static void second_writer_is_told(void **state)
{
    (void)state;
    assay_journal *first = open_or_fail(false), *second = NULL;
    assay_error error = {0};
    append(first, 0);
    assert_int_equal(assay_journal_open(path, &run, true, &second, &error), ASSAY_LOCKED);
    assert_null(second);
    assert_non_null(strstr(error.message, path));
    // Without resume as well: it must not advise to remove a file that is being written.
    assert_int_equal(assay_journal_open(path, &run, false, &second, &error), ASSAY_LOCKED);
    pid_t child = fork();
    if (child == 0) { // a child that lets go does not unlock
        assay_journal_close(first);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    assert_int_equal(assay_journal_open(path, &run, true, &second, &error), ASSAY_LOCKED);
    assay_journal_close(first);
    second = open_or_fail(true);
    append(second, 1);
    assay_journal_close(second);
    expect(2);
}

static void every_torn_tail_is_cut(void **state)
{
    (void)state;
    write_some(2);
    off_t two = size_of();
    assay_journal *journal = open_or_fail(true);
    append(journal, 2);
    assay_journal_close(journal);
    off_t three = size_of();
    for (off_t cut = three - 1; cut > two; cut -= 1 + (three - cut) % 7) {
        assert_int_equal(truncate(path, cut), 0);
        expect(2);
        journal = open_or_fail(true);
        assert_int_equal(size_of(), two);
        append(journal, 2);
        assay_journal_close(journal);
        assert_int_equal(size_of(), three);
        expect(3);
    }
    assert_int_equal(truncate(path, three + 4096), 0); // a tail of zeros, as after a power cut
    expect(3);
    assay_journal_close(open_or_fail(true));
    assert_int_equal(size_of(), three);
}

static void every_torn_head_is_begun_anew(void **state)
{
    (void)state;
    assay_journal_close(open_or_fail(false));
    off_t head = size_of();
    for (off_t cut = 0; cut < head; cut++) {
        assert_int_equal(truncate(path, cut), 0);
        expect_refusal(ASSAY_FORMAT, "head");
        assay_journal_close(open_or_fail(true));
        assert_int_equal(size_of(), head);
        expect(0);
    }
}

static void damage_is_named_and_left(void **state)
{
    (void)state;
    assay_journal *journal = NULL;
    assay_error error = {0};
    write_some(1);
    off_t one = size_of();
    unlink(path);
    write_some(3);
    off_t whole = size_of();
    for (off_t at = 0; at < one; at++) { // any byte of head and first record
        poke(at, (uint8_t)(1 << (at % 8)));
        expect_refusal(ASSAY_FORMAT, "");
        assert_int_equal(assay_journal_open(path, &run, true, &journal, &error), ASSAY_FORMAT);
        assert_int_equal(size_of(), whole);
        poke(at, (uint8_t)(1 << (at % 8)));
    }
    expect(3);
}

static void others_files_are_refused(void **state)
{
    (void)state;
    assay_journal *journal = NULL;
    assay_error error = {0};
    FILE *file = fopen(path, "w");
    fputs("dear diary\n", file);
    fclose(file);
    expect_refusal(ASSAY_FORMAT, "not a journal");
    assert_int_equal(assay_journal_open(path, &run, true, &journal, &error), ASSAY_FORMAT);
    assert_int_equal(size_of(), 11);
    unlink(path);
    expect_refusal(ASSAY_READ, "No such file");
    write_some(1);
    snprintf(run.version, sizeof run.version, "0.2.0");
    assert_int_equal(assay_journal_open(path, &run, true, &journal, &error), ASSAY_SCHEMA);
    assert_non_null(strstr(error.message, "0.2.0"));
}

static void full_disk_keeps_what_is_whole(void **state)
{
    (void)state;
    assay_journal *journal = open_or_fail(false);
    assay_error error = {0};
    assay_result result;
    append(journal, 0);
    append(journal, 1);
    off_t two = size_of();
    struct rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)two + 100; // the next record fits in part
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    sample_plain(&result, 2);
    assay_status status = assay_journal_append(journal, &result, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(status, ASSAY_WRITE);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(size_of(), two);
    expect(2);
    append(journal, 2); // room again
    assay_journal_close(journal);
    expect(3);
}

// Appends from `from` on and says after each append, on a pipe, which one is done.
static void write_until_killed(int from, int pipe_end)
{
    assay_journal *journal = NULL;
    if (assay_journal_open(path, &run, true, &journal, NULL) != ASSAY_OK)
        _exit(1);
    for (int i = from;; i++) {
        assay_result result;
        sample_plain(&result, i);
        if (assay_journal_append(journal, &result, NULL) != ASSAY_OK ||
            write(pipe_end, &i, sizeof i) != sizeof i)
            _exit(2);
    }
}

static void no_result_is_lost_to_a_kill(void **state)
{
    (void)state;
    uint64_t seed = 11;
    size_t known = 0;
    for (int round = 0; round < 60; round++) {
        int ends[2], done = (int)known - 1, said;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_until_killed((int)known, ends[1]);
        close(ends[1]);
        struct pollfd ready = {.fd = ends[0], .events = POLLIN};
        assert_int_equal(poll(&ready, 1, 20000), 1); // it has begun, unless killed at once
        struct timespec pause = {0, (long)(sample_next(&seed) % 2000000)};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int how;
        waitpid(child, &how, 0);
        assert_true(WIFSIGNALED(how)); // it did not end of itself
        while (read(ends[0], &said, sizeof said) == sizeof said)
            done = said;
        close(ends[0]);
        assay_result *results = NULL;
        size_t count = 0;
        assay_run_info about;
        assert_int_equal(assay_journal_read(path, &about, &results, &count, NULL), ASSAY_OK);
        free(results);
        assert_true(count >= (size_t)(done + 1)); // none that was done is lost
        assert_true(count <= (size_t)(done + 2)); // at most the one in flight is more
        known = count;
    }
    assert_true(known > 60);
    expect(known); // in order, none twice
}

static void append_is_cheap(void **state)
{
    (void)state;
    enum { N = 20000 };
    assay_journal *journal = open_or_fail(false);
    assay_result result;
    sample_plain(&result, 3);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    for (int i = 0; i < N; i++)
        assert_int_equal(assay_journal_append(journal, &result, NULL), ASSAY_OK);
    clock_gettime(CLOCK_MONOTONIC, &b);
    double each = ((double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec)) / N;
    assay_journal_close(journal);
    print_message("append: %.2f us\n", each * 1e6);
    assert_true(each < 200e-6); // ten times the budget: a busy machine is not a defect, an fsync is
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(sample_folder());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(goes_on_where_it_ended, fresh),
        cmocka_unit_test_setup(keeps_what_exists, fresh),
        cmocka_unit_test_setup(second_writer_is_told, fresh),
        cmocka_unit_test_setup(every_torn_tail_is_cut, fresh),
        cmocka_unit_test_setup(every_torn_head_is_begun_anew, fresh),
        cmocka_unit_test_setup(damage_is_named_and_left, fresh),
        cmocka_unit_test_setup(others_files_are_refused, fresh),
        cmocka_unit_test_setup(full_disk_keeps_what_is_whole, fresh),
        cmocka_unit_test_setup(no_result_is_lost_to_a_kill, fresh),
        cmocka_unit_test_setup(append_is_cheap, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
