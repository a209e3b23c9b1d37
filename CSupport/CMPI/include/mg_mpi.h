// MPI for Swift. What MPI's headers define as macros, such as MPI_COMM_WORLD, Swift cannot import; and the values differ
// between Open MPI and MPICH. These functions work on all ranks of the job.
//
// A function returns 0, or an error code for mg_mpi_error_text. Messages are bytes. A message of more than 2^30 bytes is sent
// in pieces, as MPI counts with int.
#ifndef MG_MPI_H
#define MG_MPI_H

#include <stdint.h>

#pragma clang assume_nonnull begin

enum { MG_MPI_TEXT_SIZE = 1024 };  // bytes of room for a text, its end included

// Starts MPI for calls from the thread that calls this. Gives the number of this rank, and of all ranks.
int32_t mg_mpi_start(int32_t *rank, int32_t *size);

// Ends MPI, after all ranks have called it.
int32_t mg_mpi_end(void);

// Ends all ranks, with an exit status. Does not return.
void mg_mpi_abort(int32_t status);

// Sends bytes to a rank. May wait until that rank receives them.
int32_t mg_mpi_send(const void *_Nullable bytes, int64_t count, int32_t to);

// Receives up to `count` bytes from a rank; `received` is how many there were. If there were more, the message is lost and
// `received` is larger than `count`.
int32_t mg_mpi_receive(void *_Nullable bytes, int64_t count, int32_t from, int64_t *received);

// Replaces the bytes on all ranks by those of one.
int32_t mg_mpi_broadcast(void *_Nullable bytes, int64_t count, int32_t from);

// Waits until all ranks have called this.
int32_t mg_mpi_barrier(void);

// Writes the text of an error code.
void mg_mpi_error_text(int32_t code, char text[_Nonnull MG_MPI_TEXT_SIZE]);

// Writes the name and version of the library that was loaded, its first line.
void mg_mpi_library_text(char text[_Nonnull MG_MPI_TEXT_SIZE]);

#pragma clang assume_nonnull end

#endif
