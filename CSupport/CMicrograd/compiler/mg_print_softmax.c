// A softmax, and its pullback.
#include "mg_printer.h"

#define ADD(...) mg_text_add(pr->text, __VA_ARGS__)

void mg_print_softmax(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  int n = i->count;
  mg_open_results(pr, i->more_count);
  mg_print_array(pr, "in", p->lists + i->list, n);
  mg_print_line(pr);
  ADD("const mg_exponentials e = mg_softmax(in, a%d, %d);", pr->locals, n);
  mg_print_line(pr);
  ADD("a%d[%d] = mg_log_sum_exp_of(e);", pr->locals, n);
  bool has_logs = false;
  for (int64_t k = n + 1; k < i->more_count; k++) has_logs = has_logs || !mg_is_dead_write(pr, k);
  if (has_logs) {
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[%d + j] = 0 - mg_log_sum_exp_less(e, in[j]);", n, pr->locals, n + 1);
  }
  mg_close_results(pr, i);
}

void mg_print_softmax_pullback(mg_printer *pr, const mg_instruction *i) {
  const mg_program *p = pr->program;
  int n = i->count / 2;
  mg_open_results(pr, i->more_count);
  mg_print_array(pr, "p", p->lists + i->list, n);
  mg_print_array(pr, "d", p->lists + i->list + n, n);
  mg_print_line(pr);
  if (i->flag) {
    ADD("const int64_t top = mg_softmax_top(p, %d);", n);
    mg_print_line(pr);
    ADD("const mg_less_share share = mg_softmax_less_share(p, top, d, %d);", n);
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[j] = mg_less_share_at(share, top, p, d, j);", n, pr->locals);
  } else {
    ADD("const mg_centered c = mg_softmax_centered(p, mg_softmax_top(p, %d), d, %d);", n, n);
    mg_print_line(pr);
    ADD("for (int j = 0; j < %d; j++) a%d[j] = mg_carried(mg_centered_at(c, d[j]), p[j]);", n, pr->locals);
  }
  mg_close_results(pr, i);
}
