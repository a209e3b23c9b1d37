#if defined(__linux__)
#define _GNU_SOURCE  // O_CLOEXEC, O_NOFOLLOW, environ
#endif
#include "mg_native.h"

#include "mg_text.h"

#if defined(__APPLE__)
#include <TargetConditionals.h>
#endif

#if (defined(__linux__) && !defined(__ANDROID__)) || defined(__FreeBSD__) || (defined(__APPLE__) && !TARGET_OS_IPHONE)
#define CAN_COMPILE 1
#else
#define CAN_COMPILE 0
#endif

#if CAN_COMPILE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <crt_externs.h>
#define environ (*_NSGetEnviron())
#endif

enum { MOST_WORDS = 64, SECRET = 0700 };

// MARK: Faults

static mg_native_status fail(mg_native_fault *fault, mg_native_status status, const char *path, const char *reason) {
  mg_text_free(&fault->path);
  mg_text_free(&fault->reason);
  mg_text_add(&fault->path, "%s", path);
  mg_text_add(&fault->reason, "%s", reason);
  return status;
}

// MARK: The folder

static mg_native_status check_folder(const char *folder, mg_native_fault *fault) {
  struct stat info;
  if (lstat(folder, &info) != 0) return fail(fault, MG_NATIVE_CANNOT_WRITE, folder, strerror(errno));
  if (S_ISLNK(info.st_mode)) return fail(fault, MG_NATIVE_UNSAFE_FOLDER, folder, "it is a link to somewhere else");
  if (!S_ISDIR(info.st_mode)) return fail(fault, MG_NATIVE_UNSAFE_FOLDER, folder, "it is no folder");
  if (info.st_uid != geteuid()) return fail(fault, MG_NATIVE_UNSAFE_FOLDER, folder, "it belongs to another user");
  if (info.st_mode & (S_IWGRP | S_IWOTH)) return fail(fault, MG_NATIVE_UNSAFE_FOLDER, folder, "others may write to it");
  return MG_NATIVE_OK;
}

// Makes the folder, and those above it that are missing, for the user alone.
static mg_native_status make_folder(const char *folder, mg_native_fault *fault) {
  mg_text path = {0};
  mg_native_status status = MG_NATIVE_OK;
  for (const char *end = folder; *end && status == MG_NATIVE_OK;) {
    const char *next = end + (*end == '/');
    while (*next && *next != '/') next++;
    mg_text_add_bytes(&path, end, next - end);
    end = next;
    if (path.failed) status = fail(fault, MG_NATIVE_CANNOT_WRITE, folder, strerror(ENOMEM));
    else if (mkdir(path.bytes, SECRET) != 0 && errno != EEXIST && access(path.bytes, F_OK) != 0)
      status = fail(fault, MG_NATIVE_CANNOT_WRITE, path.bytes, strerror(errno));
  }
  mg_text_free(&path);
  return status == MG_NATIVE_OK ? check_folder(folder, fault) : status;
}

// MARK: Files

// All of a regular file of the user's own that nobody else may write. False: there is none.
static bool read_own_file(const char *path, mg_text *to) {
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return false;
  struct stat info;
  bool is_own = fstat(file, &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
                !(info.st_mode & (S_IWGRP | S_IWOTH));
  char bytes[1 << 14];
  ssize_t count = is_own ? 1 : -1;
  while (count > 0) {
    count = read(file, bytes, sizeof bytes);
    if (count > 0) mg_text_add_bytes(to, bytes, count);
    else if (count < 0 && errno == EINTR) count = 1;
  }
  close(file);
  return count == 0 && !to->failed;
}

// A new file, for the user alone.
static mg_native_status write_file(const char *path, const char *bytes, int64_t count, mg_native_fault *fault) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  int error = file < 0 ? errno : 0;
  while (file >= 0 && count > 0 && !error) {
    ssize_t written = write(file, bytes, (size_t)count);
    if (written < 0 && errno != EINTR) error = errno;
    if (written > 0) bytes += written, count -= written;
  }
  if (file >= 0 && close(file) != 0 && !error) error = errno;
  if (!error) return MG_NATIVE_OK;
  if (file >= 0) unlink(path);
  return fail(fault, MG_NATIVE_CANNOT_WRITE, path, strerror(error));
}

// MARK: The compiler

// Starts a program and waits for its end. What it writes, on either stream, is added to `output`. Returns its exit status, -1 if
// it could not be started: errno says why. (Some systems start it, and it exits with 127.)
static int run(const char *const *words, mg_text *output) {
  int ends[2], error;
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  pid_t child;
  error = posix_spawnp(&child, words[0], &actions, NULL, (char *const *)words, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char bytes[4096];
  ssize_t count = error ? 0 : 1;
  while (count > 0 || (count < 0 && errno == EINTR)) {
    count = read(ends[0], bytes, sizeof bytes);
    if (count > 0) mg_text_add_bytes(output, bytes, count);
  }
  close(ends[0]);
  errno = error;
  if (error) return -1;
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// -ffp-contract=off and no -ffast-math: the numbers are those of the text, whatever the processor. Nobody reads errno or the flags.
static const char *const flags[] = {"-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-w"};
enum { FLAGS = sizeof flags / sizeof *flags };

typedef struct {
  const char *words[MOST_WORDS + FLAGS + 12];
  int count;
} command;

// The compiler's words, in the order in which they stand in one text, whose spaces become zeros.
typedef struct {
  mg_text text;
  const char *words[MOST_WORDS];
  int count;
} compiler;

static bool split(const char *text, compiler *c) {
  memset(c, 0, sizeof *c);
  mg_text_add(&c->text, "%s", text);
  char *at = c->text.failed ? NULL : c->text.bytes;
  while (at && c->count < MOST_WORDS) {
    while (*at == ' ') *at++ = 0;
    if (!*at) break;
    c->words[c->count++] = at;
    while (*at && *at != ' ') at++;
  }
  return c->count > 0;
}

static void add_word(command *c, const char *word) {
  c->words[c->count++] = word;
  c->words[c->count] = NULL;
}

static command with_flags(const compiler *from, const char *optimization, bool for_this_processor) {
  command c = {.count = 0};
  for (int k = 0; k < from->count; k++) add_word(&c, from->words[k]);
  for (int k = 0; k < FLAGS; k++) add_word(&c, flags[k]);
  add_word(&c, optimization);
  if (for_this_processor) add_word(&c, "-march=native");
  return c;
}

// The macros that the compiler has from the start tell its version and what the processor can do.
static mg_native_status probe(const compiler *from, const char *optimization, bool *for_this_processor, mg_text *macros,
                              mg_native_fault *fault) {
  for (int try = 0; try < 2; try++) {
    *for_this_processor = try == 0;
    command c = with_flags(from, optimization, *for_this_processor);
    const char *const rest[] = {"-dM", "-E", "-x", "c", "/dev/null"};
    for (size_t k = 0; k < sizeof rest / sizeof *rest; k++) add_word(&c, rest[k]);
    mg_text_free(macros);
    int exit = run(c.words, macros);
    if (exit < 0) return fail(fault, MG_NATIVE_NO_COMPILER, from->words[0], strerror(errno));
    if (exit == 127) return fail(fault, MG_NATIVE_NO_COMPILER, from->words[0], strerror(ENOENT));
    if (exit == 0) return MG_NATIVE_OK;
  }
  return fail(fault, MG_NATIVE_COMPILER_FAILED, from->words[0], macros->bytes ? macros->bytes : "it says nothing");
}

// MARK: Names

// Two hashes of 64 bits (Fowler, Noll and Vo's, with other multipliers).
typedef struct {
  uint64_t a, b;
} hash;

static void add_to_hash(hash *h, const char *bytes, int64_t count) {
  for (int64_t k = 0; k < count; k++) {
    h->a = (h->a ^ (uint8_t)bytes[k]) * UINT64_C(0x100000001b3);
    h->b = (h->b ^ (uint8_t)bytes[k]) * UINT64_C(0x9e3779b97f4a7c15);
    h->b ^= h->b >> 29;
  }
}

static hash hash_of(const char *bytes, int64_t count) {
  hash h = {UINT64_C(0xcbf29ce484222325), UINT64_C(0x6c62272e07bb0142)};
  add_to_hash(&h, bytes, count);
  return h;
}

static hash key_of(const char *source, const command *c, const mg_text *macros) {
  hash key = hash_of(source, (int64_t)strlen(source) + 1);
  for (int k = 0; k < c->count; k++) add_to_hash(&key, c->words[k], (int64_t)strlen(c->words[k]) + 1);
  add_to_hash(&key, macros->bytes ? macros->bytes : "", macros->count);
  return key;
}

typedef struct {
  mg_text source, library, check;           // where they are kept,
  mg_text new_source, new_library, new_check;  // and first written
} paths;

static bool make_paths(paths *at, const char *folder, hash key) {
  static _Atomic(int) calls;
  int call = atomic_fetch_add(&calls, 1);
  struct {
    mg_text *path, *new;
    const char *ending;
  } all[] = {{&at->source, &at->new_source, "c"}, {&at->library, &at->new_library, "so"}, {&at->check, &at->new_check, "check"}};
  bool is_done = true;
  for (int k = 0; k < 3; k++) {
    mg_text_add(all[k].path, "%s/%016llx%016llx.%s", folder, (unsigned long long)key.a, (unsigned long long)key.b,
                all[k].ending);
    mg_text_add(all[k].new, "%s/new-%ld-%d.%s", folder, (long)getpid(), call, all[k].ending);
    is_done = is_done && !all[k].path->failed && !all[k].new->failed;
  }
  return is_done;
}

static void free_paths(paths *at) {
  mg_text *all[] = {&at->source, &at->library, &at->check, &at->new_source, &at->new_library, &at->new_check};
  for (int k = 0; k < 6; k++) mg_text_free(all[k]);
}

// What tells an intact library: the hash of its bytes.
static bool make_check(const char *library, mg_text *check) {
  mg_text bytes = {0};
  bool is_read = read_own_file(library, &bytes);
  if (is_read) {
    hash h = hash_of(bytes.bytes ? bytes.bytes : "", bytes.count);
    mg_text_add(check, "%lld %016llx%016llx\n", (long long)bytes.count, (unsigned long long)h.a, (unsigned long long)h.b);
  }
  mg_text_free(&bytes);
  return is_read && !check->failed;
}

static bool is_intact(const paths *at, const char *source) {
  mg_text text = {0}, check = {0}, kept = {0};
  bool is_same = read_own_file(at->source.bytes, &text) && text.count == (int64_t)strlen(source) &&
                 memcmp(text.bytes, source, (size_t)text.count) == 0;
  is_same = is_same && read_own_file(at->check.bytes, &kept) && make_check(at->library.bytes, &check) &&
            kept.count == check.count && memcmp(kept.bytes, check.bytes, (size_t)check.count) == 0;
  mg_text_free(&text);
  mg_text_free(&check);
  mg_text_free(&kept);
  return is_same;
}

// MARK: Compiling

static mg_native_status compile(const char *source, command c, paths *at, mg_native_fault *fault) {
  mg_native_status status = write_file(at->new_source.bytes, source, (int64_t)strlen(source), fault);
  if (status != MG_NATIVE_OK) return status;
  const char *const rest[] = {"-o", at->new_library.bytes, at->new_source.bytes, "-lm"};
  const char *first = c.words[0];
  for (size_t k = 0; k < sizeof rest / sizeof *rest; k++) add_word(&c, rest[k]);
  mg_text output = {0}, check = {0};
  int exit = run(c.words, &output);
  if (exit < 0) status = fail(fault, MG_NATIVE_NO_COMPILER, first, strerror(errno));
  else if (exit != 0) status = fail(fault, MG_NATIVE_COMPILER_FAILED, first, output.bytes ? output.bytes : "it says nothing");
  else if (chmod(at->new_library.bytes, SECRET) != 0 || !make_check(at->new_library.bytes, &check))
    status = fail(fault, MG_NATIVE_CANNOT_WRITE, at->new_library.bytes, "the compiler left no library there");
  else status = write_file(at->new_check.bytes, check.bytes, check.count, fault);
  const mg_text *moves[][2] = {{&at->new_source, &at->source}, {&at->new_check, &at->check}, {&at->new_library, &at->library}};
  for (int k = 0; k < 3 && status == MG_NATIVE_OK; k++)
    if (rename(moves[k][0]->bytes, moves[k][1]->bytes) != 0)
      status = fail(fault, MG_NATIVE_CANNOT_WRITE, moves[k][1]->bytes, strerror(errno));
  for (int k = 0; k < 3 && status != MG_NATIVE_OK; k++) unlink(moves[k][0]->bytes);
  mg_text_free(&output);
  mg_text_free(&check);
  return status;
}

static mg_native_status open_library(const char *source, const mg_native_request *request, void **library,
                                     mg_native_fault *fault) {
  mg_text macros = {0};
  paths at;
  memset(&at, 0, sizeof at);
  compiler from;
  bool for_this_processor;
  mg_native_status status = make_folder(request->folder, fault);
  if (!split(request->compiler, &from)) status = fail(fault, MG_NATIVE_NO_COMPILER, request->compiler, "it has no name");
  if (status == MG_NATIVE_OK) status = probe(&from, request->optimization, &for_this_processor, &macros, fault);
  if (status == MG_NATIVE_OK) {
    command c = with_flags(&from, request->optimization, for_this_processor);
    if (!make_paths(&at, request->folder, key_of(source, &c, &macros)))
      status = fail(fault, MG_NATIVE_CANNOT_WRITE, request->folder, strerror(ENOMEM));
    else if (!is_intact(&at, source)) status = compile(source, c, &at, fault);
  }
  if (status == MG_NATIVE_OK) {
    *library = dlopen(at.library.bytes, RTLD_NOW | RTLD_LOCAL);
    const char *reason = *library ? NULL : dlerror();
    if (!*library) {
      status = fail(fault, MG_NATIVE_CANNOT_LOAD, at.library.bytes, reason ? reason : "it does not say why");
      unlink(at.library.bytes);  // the next call compiles it again
    }
  }
  free_paths(&at);
  mg_text_free(&macros);
  mg_text_free(&from.text);
  return status;
}

void *mg_native_open(const char *source, mg_native_request request, mg_native_status *status, mg_native_fault *fault) {
  void *library = NULL;
  *status = open_library(source, &request, &library, fault);
  return library;
}

void *mg_native_symbol(void *library, const char *name) { return dlsym(library, name); }

void mg_native_close(void *library) { dlclose(library); }

bool mg_native_default_folder(mg_text *folder) {
  const char *caches = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (!home || home[0] != '/') {
    const struct passwd *user = getpwuid(geteuid());
    home = user ? user->pw_dir : NULL;
  }
  if (caches && caches[0] == '/') mg_text_add(folder, "%s/micrograd-native", caches);
  else if (home && home[0] == '/') {
#if defined(__APPLE__)
    mg_text_add(folder, "%s/Library/Caches/micrograd-native", home);
#else
    mg_text_add(folder, "%s/.cache/micrograd-native", home);
#endif
  }
  return folder->count > 0 && !folder->failed;
}

void mg_native_default_compiler(mg_text *to) {
  const char *named = getenv("CC");
  mg_text_add(to, "%s", named && named[strspn(named, " ")] ? named : "cc");
}

#else

void *mg_native_open(const char *source, mg_native_request request, mg_native_status *status, mg_native_fault *fault) {
  (void)source, (void)request, (void)fault;
  *status = MG_NATIVE_UNAVAILABLE;
  return NULL;
}

void *mg_native_symbol(void *library, const char *name) {
  (void)library, (void)name;
  return NULL;
}

void mg_native_close(void *library) { (void)library; }

bool mg_native_default_folder(mg_text *folder) {
  (void)folder;
  return false;
}

void mg_native_default_compiler(mg_text *to) { mg_text_add(to, "cc"); }

#endif
