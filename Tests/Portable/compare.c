// Compares two outputs of results.c: compare NAME EXPECTED ACTUAL. Prints for each op how many results differ, and by
// how many units in the last place at most. Fails where a difference is larger than its limit.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char group[40], name[60], point[24], what[24], bits[24];
} result;

static bool read_result(FILE *file, result *r) {
  return fscanf(file, "%39s %59s %23s %23s %23s", r->group, r->name, r->point, r->what, r->bits) == 5;
}

// How many units in the last place may lie between two libraries of mathematical functions, or two orders of a sum.
static int64_t limit(const result *r) {
  // Nothing but +, -, * and /: the same bits.
  if (strcmp(r->group, "README") == 0) return 0;
  // Sums of up to 30 products; their order is the vectors'.
  if (strcmp(r->group, "many") == 0 || strcmp(r->group, "layer") == 0) return 4;
  // A chain of twenty ops.
  if (strncmp(r->name, "network", 7) == 0) return 8;
  int64_t uses = strcmp(r->what, "value") == 0 ? 1 : strcmp(r->what, "second") == 0 ? 4 : 2;
  // Without a wide long double, libm's own tgamma is used, which is 3 off.
  if (strcmp(r->name, "gamma_function") == 0) return uses > 1 ? 8 : 4;
  // A first derivative uses a value of libm's up to twice, as y / r / r for r = hypot(x, y) does; a second one up to
  // four times.
  return 2 * uses;
}

// Doubles in order, as whole numbers in order.
static int64_t place(const char *bits) {
  uint64_t number = strtoull(bits, NULL, 16);
  return number >> 63 ? -(int64_t)(number & INT64_MAX) : (int64_t)number;
}

static int64_t distance(const char *a, const char *b) {
  if (strcmp(a, b) == 0) return 0;
  if (strcmp(a, "nan") == 0 || strcmp(b, "nan") == 0) return INT64_MAX;
  int64_t p = place(a), q = place(b);
  if ((p < 0) != (q < 0)) return p == q ? 0 : INT64_MAX;
  return p < q ? q - p : p - q;
}

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "usage: compare NAME EXPECTED ACTUAL\n"), 2;
  FILE *expected = fopen(arguments[2], "r"), *actual = fopen(arguments[3], "r");
  if (!expected || !actual) return fprintf(stderr, "%s: cannot read the results\n", arguments[1]), 2;
  int64_t results = 0, same = 0, faults = 0, most = 0, in_op = 0, op_most = 0;
  result a, b, op = {"", "", "", "", ""};
  for (;;) {
    bool has_a = read_result(expected, &a), has_b = read_result(actual, &b);
    bool is_end = !has_a || !has_b;
    if (has_a != has_b)
      return fprintf(stderr, "%s: results are missing after %" PRId64 "\n", arguments[1], results), 1;
    if (is_end || strcmp(a.group, op.group) != 0 || strcmp(a.name, op.name) != 0) {
      if (in_op > 0)
        printf("  %s %s: %" PRId64 " differ, at most %" PRId64 " ulp\n", op.group, op.name, in_op, op_most);
      in_op = op_most = 0;
      op = a;
    }
    if (is_end) break;
    if (strcmp(a.group, b.group) != 0 || strcmp(a.name, b.name) != 0 || strcmp(a.point, b.point) != 0 ||
        strcmp(a.what, b.what) != 0)
      return fprintf(stderr, "%s: other results than expected, from %s %s on\n", arguments[1], a.group, a.name), 1;
    results++;
    int64_t ulp = distance(a.bits, b.bits);
    if (ulp == 0) {
      same++;
      continue;
    }
    in_op++;
    if (ulp > op_most) op_most = ulp;
    if (ulp > most) most = ulp;
    if (ulp <= limit(&a)) continue;
    if (++faults <= 20)
      fprintf(stderr, "%s: %s %s, point %s, %s: %s instead of %s, more than %" PRId64 " ulp off\n", arguments[1],
              a.group, a.name, a.point, a.what, b.bits, a.bits, limit(&a));
  }
  if (results == 0) return fprintf(stderr, "%s: no results\n", arguments[1]), 1;
  printf("%s: %" PRId64 " results, %" PRId64 " with the same bits, the others at most %" PRId64 " ulp off\n",
         arguments[1], results, same, most);
  return faults > 0;
}
