// The trait MPI compiles this file; without it the file is empty and needs no header of MPI.
#include "mg_mpi.h"

#ifdef MG_MPI

#if __has_include(<mpi.h>)
#include <mpi.h>
#elif __has_include(<mpi/mpi.h>)  // Debian's link to the chosen MPI, which needs no flag
#include <mpi/mpi.h>
#else
#error "mpi.h is not found. Debian, Ubuntu: apt-get install libopenmpi-dev pkg-config. macOS: brew install open-mpi. \
For MPICH, set MICROGRAD_MPI=mpich. See CONTRIBUTING.md."
#endif

#include <stdlib.h>
#include <string.h>

enum { TAG = 1, PIECE = 1 << 30 };

int32_t mg_mpi_start(int32_t *rank, int32_t *size) {
  int provided = 0, r = 0, n = 1;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
  if (code) return code;
  // Errors are returned, not fatal.
  if ((code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN))) return code;
  if ((code = MPI_Comm_rank(MPI_COMM_WORLD, &r)) || (code = MPI_Comm_size(MPI_COMM_WORLD, &n))) return code;
  *rank = r;
  *size = n;
  return 0;
}

int32_t mg_mpi_end(void) { return MPI_Finalize(); }

void mg_mpi_abort(int32_t status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  _Exit(status);
}

static int piece(int64_t rest) { return rest > PIECE ? PIECE : (int)rest; }

int32_t mg_mpi_send(const void *bytes, int64_t count, int32_t to) {
  const char *from = bytes;
  do {  // an empty message is sent too
    int n = piece(count);
    int code = MPI_Send(from, n, MPI_BYTE, to, TAG, MPI_COMM_WORLD);
    if (code) return code;
    from += n;
    count -= n;
  } while (count > 0);
  return 0;
}

int32_t mg_mpi_receive(void *bytes, int64_t count, int32_t from, int64_t *received) {
  char *to = bytes;
  *received = 0;
  do {
    int n = piece(count), found = 0;
    MPI_Status status;
    int code = MPI_Probe(from, TAG, MPI_COMM_WORLD, &status);
    if (code || (code = MPI_Get_count(&status, MPI_BYTE, &found))) return code;
    *received += found;
    if (found > n) {  // longer than expected: taken away
      void *room = malloc((size_t)found);
      if (!room) return MPI_ERR_NO_MEM;
      code = MPI_Recv(room, found, MPI_BYTE, from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
      free(room);
      return code;
    }
    if ((code = MPI_Recv(to, found, MPI_BYTE, from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE))) return code;
    if (found < n) return 0;  // shorter than expected
    to += n;
    count -= n;
  } while (count > 0);
  return 0;
}

int32_t mg_mpi_broadcast(void *bytes, int64_t count, int32_t from) {
  char *at = bytes;
  while (count > 0) {
    int n = piece(count);
    int code = MPI_Bcast(at, n, MPI_BYTE, from, MPI_COMM_WORLD);
    if (code) return code;
    at += n;
    count -= n;
  }
  return 0;
}

int32_t mg_mpi_barrier(void) { return MPI_Barrier(MPI_COMM_WORLD); }

void mg_mpi_error_text(int32_t code, char text[MG_MPI_TEXT_SIZE]) {
  char found[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  if (MPI_Error_string(code, found, &length)) strcpy(found, "unknown error");
  strncpy(text, found, MG_MPI_TEXT_SIZE - 1);
  text[MG_MPI_TEXT_SIZE - 1] = 0;
}

void mg_mpi_library_text(char text[MG_MPI_TEXT_SIZE]) {
  static char found[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  if (MPI_Get_library_version(found, &length)) found[0] = 0;
  strncpy(text, found, MG_MPI_TEXT_SIZE - 1);
  text[MG_MPI_TEXT_SIZE - 1] = 0;
  text[strcspn(text, ",\n")] = 0;
}

#endif
