// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/watch.h"

#include "harness/parallel.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX 256
#define PATH_SIZE 1024
#define SETTLE_MS 40 // an editor writes a file in several steps

extern char **environ;

// Files that a verdict depends on. Their folders are watched: an editor that renames its new file
// over the old one leaves a watch of the file behind.
typedef struct watched {
    char file[FILES_MAX][PATH_SIZE];
    int count;
    int notify;
    struct {
        int watch;
        char folder[PATH_SIZE];
    } place[FILES_MAX];
    int place_count;
} watched;

static bool is_known(const watched *w, const char *path)
{
    for (int i = 0; i < w->count; i++)
        if (strcmp(w->file[i], path) == 0)
            return true;
    return false;
}

static void folder_of(const char *path, char folder[PATH_SIZE])
{
    const char *slash = strrchr(path, '/');
    snprintf(folder, PATH_SIZE, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

static void add_file(watched *w, const char *path, const cli_list *folders);

// The file that `#include "name"` in `path` means, where there is one.
static void add_include(watched *w, const char *path, const char *name, int length,
                        const cli_list *folders)
{
    char folder[PATH_SIZE], file[PATH_SIZE];
    folder_of(path, folder);
    for (int i = -1; i < folders->count; i++) {
        int n =
            snprintf(file, sizeof file, "%s/%.*s", i < 0 ? folder : folders->item[i], length, name);
        if (n > 0 && (size_t)n < sizeof file && access(file, F_OK) == 0) {
            add_file(w, file, folders);
            return;
        }
    }
}

static void add_file(watched *w, const char *path, const cli_list *folders)
{
    char line[1024];
    if (w->count == FILES_MAX || strlen(path) >= PATH_SIZE || is_known(w, path))
        return;
    snprintf(w->file[w->count++], PATH_SIZE, "%s", path);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        const char *at = line + strspn(line, " \t");
        if (strncmp(at, "#include", 8) != 0)
            continue;
        const char *open = strpbrk(at, "\"<"), *close = open ? strpbrk(open + 1, "\">") : NULL;
        if (close)
            add_include(w, path, open + 1, (int)(close - open) - 1, folders);
    }
    if (file)
        fclose(file);
}

// A shader, and what stands beside it under the same name.
static void add_shader(watched *w, const char *path, const cli_list *folders)
{
    static const char *const endings[] = {".comp", ".yaml", ".spv"};
    const char *dot = strrchr(path, '.');
    char file[PATH_SIZE];
    for (int i = 0; dot && i < 3; i++) {
        int n = snprintf(file, sizeof file, "%.*s%s", (int)(dot - path), path, endings[i]);
        if (n > 0 && (size_t)n < sizeof file && access(file, F_OK) == 0)
            add_file(w, file, folders);
    }
    add_file(w, path, folders); // also where it is not there yet
}

static void find_files(watched *w, const char *path, const cli_list *folders)
{
    struct stat info;
    w->count = 0;
    if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        add_shader(w, path, folders);
        return;
    }
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        char file[PATH_SIZE];
        int n = snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (dot && n > 0 && (size_t)n < sizeof file &&
            (strcmp(dot, ".comp") == 0 || strcmp(dot, ".yaml") == 0 || strcmp(dot, ".spv") == 0))
            add_file(w, file, folders);
    }
    if (dir)
        closedir(dir);
}

static assay_status watch_folder(watched *w, const char *folder, assay_error *error)
{
    for (int i = 0; i < w->place_count; i++)
        if (strcmp(w->place[i].folder, folder) == 0)
            return ASSAY_OK;
    if (w->place_count == FILES_MAX)
        return ASSAY_OK;
    int watch = inotify_add_watch(w->notify, folder, IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE);
    if (watch < 0)
        return assay_fail(error, ASSAY_READ, "%s cannot be watched: %s", folder, strerror(errno));
    w->place[w->place_count].watch = watch;
    snprintf(w->place[w->place_count++].folder, PATH_SIZE, "%s", folder);
    return ASSAY_OK;
}

static assay_status watch_files(watched *w, assay_error *error)
{
    for (int i = 0; i < w->count; i++) {
        char folder[PATH_SIZE];
        folder_of(w->file[i], folder);
        ASSAY_TRY(watch_folder(w, folder, error));
    }
    return ASSAY_OK;
}

// The folder that is checked as a whole, or one of the files: `name` is what changed in it.
static bool is_ours(const watched *w, const char *path, int watch, const char *name)
{
    for (int i = 0; i < w->place_count; i++) {
        char file[PATH_SIZE + 256];
        if (w->place[i].watch != watch)
            continue;
        snprintf(file, sizeof file, "%s/%s", w->place[i].folder, name);
        const char *bare = strncmp(file, "./", 2) == 0 ? file + 2 : file;
        if (is_known(w, file) || is_known(w, bare))
            return true;
        const char *dot = strrchr(name, '.');
        if (strcmp(w->place[i].folder, path) == 0 && dot && strcmp(dot, ".comp") == 0)
            return true; // a new one
    }
    return false;
}

// Reads what has happened until nothing more does; the file that changed last in `what`.
static assay_status wait_for_change(const watched *w, const char *path, char what[256],
                                    assay_error *error)
{
    for (bool changed = false;;) {
        _Alignas(struct inotify_event) char buffer[4096];
        struct pollfd ready = {.fd = w->notify, .events = POLLIN};
        int some = poll(&ready, 1, changed ? SETTLE_MS : -1);
        if (some == 0)
            return ASSAY_OK;
        ssize_t size = some > 0 ? read(w->notify, buffer, sizeof buffer) : -1;
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return assay_fail(error, ASSAY_INTERNAL, "inotify: %s", strerror(errno));
        for (ssize_t at = 0; at < size;) {
            const struct inotify_event *event = (const void *)(buffer + at);
            if (event->len && is_ours(w, path, event->wd, event->name)) {
                changed = true;
                snprintf(what, 256, "%s", event->name);
            }
            at += (ssize_t)sizeof *event + event->len;
        }
    }
}

// Prints a line between runs: when, what, and how it ended.
static void print_line(const char *text, double seconds)
{
    time_t now = time(NULL);
    struct tm local;
    char clock[16] = "";
    if (localtime_r(&now, &local))
        strftime(clock, sizeof clock, "%H:%M:%S", &local);
    printf("== %s %s", clock, text);
    if (seconds >= 0)
        printf(" (%.1f s)", seconds);
    printf("\n");
    fflush(stdout);
}

static assay_status run_once(char **arguments, assay_error *error)
{
    static const char *const ends[] = {"all right", "wrong",     "not run",
                                       "a file",    "no device", "nothing counted"};
    char text[64];
    pid_t child;
    int ended = 0;
    double start = assay_now();
    fflush(stdout);
    int failed = posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ);
    if (failed)
        return assay_fail(error, ASSAY_INTERNAL, "assay cannot be started: %s", strerror(failed));
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR)
        ;
    int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    snprintf(text, sizeof text, "%s: exit code %d", code < 6 ? ends[code] : "ended", code);
    print_line(text, assay_now() - start);
    return ASSAY_OK;
}

assay_status cli_watch(char **argv, const char *path, const cli_list *folders, assay_error *error)
{
    char **arguments = NULL, what[256] = "", line[300];
    int count = 0, kept = 0;
    watched *w = calloc(1, sizeof *w);
    while (argv[count])
        count++;
    arguments = calloc((size_t)count + 1, sizeof *arguments);
    assay_status status =
        w && arguments ? ASSAY_OK : assay_fail(error, ASSAY_MEMORY, "out of memory");
    for (int i = 0; i < count && status == ASSAY_OK; i++)
        if (strcmp(argv[i], "--watch") != 0)
            arguments[kept++] = argv[i];
    if (status == ASSAY_OK && (w->notify = inotify_init1(IN_CLOEXEC)) < 0)
        status = assay_fail(error, ASSAY_INTERNAL, "inotify: %s", strerror(errno));
    while (status == ASSAY_OK) {
        find_files(w, path, folders);
        status = watch_files(w, error);
        if (status == ASSAY_OK)
            status = run_once(arguments, error);
        if (status == ASSAY_OK)
            status = wait_for_change(w, path, what, error);
        snprintf(line, sizeof line, "%.255s changed", what);
        if (status == ASSAY_OK)
            print_line(line, -1);
    }
    if (w && w->notify > 0)
        close(w->notify);
    free(arguments);
    free(w);
    return status;
}
