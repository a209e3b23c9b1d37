// The files of the playground's page, compiled into the program: it needs no folder beside it.
#ifndef C_PLAYGROUND_PAGE_H
#define C_PLAYGROUND_PAGE_H

#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

typedef struct mg_page_file {
  // The path in the page's address, without a slash at the start.
  const char *path;
  // The media type.
  const char *type;
  const unsigned char *bytes;
  size_t count;
} mg_page_file;

// The number of files.
size_t mg_page_file_count(void);

// The file of an index below the number of files. The first is the page itself.
mg_page_file mg_page_file_at(size_t index);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
