// What an instruction reads and writes, and how long its text is.
#include "mg_printer.h"

int64_t mg_write_count(const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback: return i->more_count;
  default: return i->out >= 0;
  }
}

int32_t mg_written_row(const mg_program *p, const mg_instruction *i, int64_t k) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback: return p->lists[i->more + k];
  default: return i->out;
  }
}

static void mark(uint8_t *is_read, const int32_t *rows, int64_t count) {
  for (int64_t k = 0; k < count; k++)
    if (rows[k] >= 0) is_read[rows[k]] = 1;
}

void mg_mark_reads(const mg_program *p, const mg_instruction *i, uint8_t *is_read) {
  const int32_t *list = p->lists + i->list, *more = p->lists + i->more, rows[] = {i->d, i->x, i->y, i->v};
  mark(is_read, rows, 4);
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_combine:
    for (int32_t k = 0; k < i->count; k++) mark(is_read, &p->scaled[i->list + k].row, 1);
    for (int32_t k = 0; k < i->more_count; k++) {
      mark(is_read, &p->products[i->more + k].left, 1);
      mark(is_read, &p->products[i->more + k].right, 1);
    }
    break;
  case MG_INSTRUCTION_columns:
    if (i->flag) mark(is_read, more + i->more_count, i->more_count);
    mark(is_read, list, i->count);
    break;
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback:
  case MG_INSTRUCTION_norm:
  case MG_INSTRUCTION_pick_row: mark(is_read, list, i->count); break;
  case MG_INSTRUCTION_select: mark(is_read, list, 2); break;
  case MG_INSTRUCTION_outer:
    mark(is_read, list, (int64_t)i->applications * i->count);
    mark(is_read, more, (int64_t)i->applications * i->more_count);
    break;
  default: break;
  }
}

// A matrix of more weights is a loop.
enum { LARGEST_UNROLLED = 48 };

bool mg_is_large_product(const mg_instruction *i) { return (int64_t)i->count * i->more_count > LARGEST_UNROLLED; }

int64_t mg_printed_size(const mg_instruction *i) {
  switch ((mg_instruction_code)i->code) {
  case MG_INSTRUCTION_combine: return 1 + i->count + i->more_count;
  case MG_INSTRUCTION_affine:
  case MG_INSTRUCTION_columns: return mg_is_large_product(i) ? 10 + i->count + i->more_count : (int64_t)i->count * i->more_count;
  case MG_INSTRUCTION_outer:
    return i->applications * (mg_is_large_product(i) ? 10 + i->count + i->more_count : (int64_t)i->count * i->more_count);
  case MG_INSTRUCTION_softmax:
  case MG_INSTRUCTION_softmax_pullback:
  case MG_INSTRUCTION_norm:
  case MG_INSTRUCTION_pick_row: return 5 + i->count + i->more_count;
  case MG_INSTRUCTION_partial: return 3;
  default: return 1;
  }
}
