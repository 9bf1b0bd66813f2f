// SPDX-License-Identifier: Apache-2.0
#include "gpu/glslc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEFINITIONS_MAX 136
#define OUTPUT_MAX      ((size_t)64 << 20)

extern char **environ;

typedef struct stream {
    int fd;
    char *data;
    size_t size, capacity;
} stream;

// Appends what can be read; closes the stream at its end. false when memory is out or it grows
// without end.
static bool read_some(stream *s)
{
    if (s->capacity - s->size < 4096) {
        size_t capacity = s->capacity ? 2 * s->capacity : 16384;
        char *grown = capacity > OUTPUT_MAX ? NULL : realloc(s->data, capacity);
        if (!grown)
            return false;
        s->data = grown;
        s->capacity = capacity;
    }
    ssize_t n = read(s->fd, s->data + s->size, s->capacity - s->size - 1);
    if (n > 0)
        s->size += (size_t)n;
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) {
        close(s->fd);
        s->fd = -1;
    }
    return true;
}

static bool read_both(stream streams[2])
{
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        struct pollfd polls[2];
        nfds_t count = 0;
        for (int i = 0; i < 2; i++)
            if (streams[i].fd >= 0)
                polls[count++] = (struct pollfd){.fd = streams[i].fd, .events = POLLIN};
        if (poll(polls, count, -1) < 0 && errno != EINTR)
            return false;
        for (nfds_t k = 0; k < count; k++)
            for (int i = 0; i < 2; i++)
                if (streams[i].fd == polls[k].fd && polls[k].revents && !read_some(&streams[i]))
                    return false;
    }
    return true;
}

// Starts glslc with both outputs going into pipes; the reading ends are put into `streams`.
static int start(char *const *arguments, stream streams[2], pid_t *pid)
{
    int out[2], err[2];
    posix_spawn_file_actions_t actions;
    if (pipe(out) != 0)
        return errno;
    if (pipe(err) != 0) {
        close(out[0]);
        close(out[1]);
        return errno;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(out[i], F_SETFD, FD_CLOEXEC);
        fcntl(err[i], F_SETFD, FD_CLOEXEC);
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, err[1], 2);
    int result = posix_spawnp(pid, "glslc", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    streams[0].fd = out[0];
    streams[1].fd = err[0];
    return result;
}

// As many whole lines as a message has room for, without the newline at the end.
static const char *cut_lines(char *text)
{
    const size_t room = 700;
    size_t length = strlen(text);
    if (length > room) {
        length = room;
        while (length > 0 && text[length] != '\n')
            length--;
        length = length ? length : room;
    }
    while (length > 0 && text[length - 1] == '\n')
        length--;
    text[length] = '\0';
    return text;
}

static assay_status run(const char *file, char *const *arguments, stream streams[2],
                        assay_error *error)
{
    pid_t pid = 0;
    int code = start(arguments, streams, &pid);
    if (code == ENOENT)
        return assay_fail(error, ASSAY_SHADER,
                          "%s: the compiler glslc was not found (on Debian: apt install glslc)",
                          file);
    if (code != 0)
        return assay_fail(error, ASSAY_SHADER, "%s: glslc cannot be started: %s", file,
                          strerror(code));
    bool whole = read_both(streams);
    for (int i = 0; i < 2; i++) { // lets a glslc that still writes end
        if (streams[i].fd >= 0)
            close(streams[i].fd);
        streams[i].fd = -1;
    }
    while (waitpid(pid, &code, 0) < 0 && errno == EINTR)
        ;
    if (!whole)
        return assay_fail(error, ASSAY_SHADER, "%s: too much output of glslc", file);
    if (!WIFEXITED(code) || WEXITSTATUS(code) != 0) {
        if (streams[1].data)
            streams[1].data[streams[1].size] = '\0';
        return assay_fail(error, ASSAY_SHADER, "%s does not compile: %s", file,
                          streams[1].data ? cut_lines(streams[1].data) : "glslc said nothing");
    }
    return ASSAY_OK;
}

// "-DNAME", as posix_spawn takes it.
static char *join(const char *option, const char *text)
{
    size_t size = strlen(option) + strlen(text) + 1;
    char *argument = malloc(size);
    if (argument)
        snprintf(argument, size, "%s%s", option, text);
    return argument;
}

// Engines that put a text of their own before their shaders leave the version to it.
static bool says_version(const char *file)
{
    char line[256];
    bool found = false, whole = true; // whole: a line begins here
    FILE *source = fopen(file, "r");
    while (source && !found && fgets(line, sizeof line, source)) {
        const char *at = line + strspn(line, " \t");
        found = whole && *at == '#' && strncmp(at + 1 + strspn(at + 1, " \t"), "version", 7) == 0;
        whole = strchr(line, '\n') != NULL;
    }
    if (!source)
        return true; // glslc will say that it cannot be read
    fclose(source);
    return found;
}

assay_status assay__glslc(const char *file, const assay_compile_options *options, void **words,
                          size_t *bytes, assay_error *error)
{
    // posix_spawn takes char *, though it changes nothing
    static char name[] = "glslc", optimise[] = "-O", names[] = "-g";
    static char target[] = "--target-env=vulkan1.1", stage[] = "-fshader-stage=compute";
    static char output[] = "-o", to_stdout[] = "-", version[] = "-std=450";
    char *fixed[] = {name, optimise, names, target, stage, output, to_stdout, version};
    int first = (int)(sizeof fixed / sizeof *fixed) - says_version(file);
    int count = options->definition_count + options->folder_count + 1; // the last is the file
    char **arguments = calloc((size_t)(first + count) + 1, sizeof *arguments);
    stream streams[2] = {{.fd = -1}, {.fd = -1}};
    bool whole = arguments != NULL;
    *words = NULL;
    *bytes = 0;
    if (whole)
        memcpy(arguments, fixed, (size_t)first * sizeof *fixed);
    for (int i = 0; i < count && whole; i++) {
        int folder = i - options->definition_count;
        char *argument = folder < 0 ? join("-D", options->definitions[i])
                         : folder < options->folder_count
                             ? join("-I", options->folders[folder])
                             : join(file[0] == '-' ? "./" : "", file); // never taken for an option
        arguments[first + i] = argument;
        whole = argument != NULL;
    }
    assay_status status = whole ? run(file, arguments, streams, error)
                                : assay_fail(error, ASSAY_MEMORY, "out of memory for %s", file);
    if (status == ASSAY_OK) {
        *words = streams[0].data;
        *bytes = streams[0].size;
        streams[0].data = NULL;
    }
    for (int i = 0; i < count && arguments; i++)
        free(arguments[first + i]);
    free(arguments);
    for (int i = 0; i < 2; i++)
        free(streams[i].data);
    return status;
}
