#include "mg_watch.h"

#include <stdlib.h>

void mg_watch_free_lists(mg_watch *watch) {
  free(watch->comparisons);
  free(watch->reads);
  *watch = mg_watch_make();
}

// Room for one more element in a list, or the list as it was and NULL.
static void *grown(void *list, size_t element, int64_t count, int64_t *capacity) {
  if (count < *capacity) return list;
  int64_t more = count < 8 ? 16 : 2 * count;
  void *block = realloc(list, (size_t)more * element);
  if (block) *capacity = more;
  return block;
}

static void note(mg_watch *watch, mg_node node) {
  if (node > watch->highest) watch->highest = node;
}

void mg_watch_comparison(mg_watch *watch, mg_comparison comparison) {
  mg_comparison *list =
      grown(watch->comparisons, sizeof comparison, watch->comparison_count, &watch->comparison_capacity);
  if (!list) {
    watch->out_of_memory = true;
    return;
  }
  watch->comparisons = list;
  list[watch->comparison_count++] = comparison;
  note(watch, comparison.left);
  note(watch, comparison.right);
}

void mg_watch_read(mg_watch *watch, mg_node node) {
  mg_node *list = grown(watch->reads, sizeof node, watch->read_count, &watch->read_capacity);
  if (!list) {
    watch->out_of_memory = true;
    return;
  }
  watch->reads = list;
  list[watch->read_count++] = node;
  note(watch, node);
}

void mg_watch_read_run(mg_watch *watch, mg_node first, int64_t count) {
  for (int64_t k = 0; k < count; k++) mg_watch_read(watch, (mg_node)(first + k));
}
