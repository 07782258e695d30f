/* Preloaded into the program: a machine on which /proc is not mounted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int is_in_proc(const char* path) { return strncmp(path, "/proc/", 6) == 0; }

#define NOT_THERE(result)       \
  if (is_in_proc(path)) {       \
    errno = ENOENT;             \
    return result;              \
  }

#define OPEN(name)                                           \
  int name(const char* path, int flags, ...) {               \
    va_list more;                                            \
    va_start(more, flags);                                   \
    const mode_t mode = va_arg(more, mode_t);                \
    va_end(more);                                            \
    NOT_THERE(-1)                                            \
    int (*next)(const char*, int, ...) = dlsym(RTLD_NEXT, #name); \
    return next(path, flags, mode);                          \
  }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                               \
  FILE* name(const char* path, const char* mode) {                \
    NOT_THERE(NULL)                                               \
    FILE* (*next)(const char*, const char*) = dlsym(RTLD_NEXT, #name); \
    return next(path, mode);                                      \
  }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t readlink(const char* path, char* buffer, size_t size) {
  NOT_THERE(-1)
  ssize_t (*next)(const char*, char*, size_t) = dlsym(RTLD_NEXT, "readlink");
  return next(path, buffer, size);
}
