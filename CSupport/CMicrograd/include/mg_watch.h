// What a recording that is to be replayed with other numbers must know besides its nodes: where the program around it looked
// at numbers while it was recorded. A tape with a watch is told of by everybody who does so; usually there is none.
#pragma once

#include "mg_ops.h"

MG_ASSUME_NONNULL_BEGIN

// A comparison that the program made, outside of a select.
typedef struct {
  mg_node left, right;               // MG_NO_NODE for a plain number, which is then in:
  double left_number, right_number;  // of a node, the number that it had
  mg_relation relation;
  bool holds;                        // how it came out
} mg_comparison;

typedef struct mg_watch {
  mg_comparison *MG_NULLABLE comparisons;  // in the order in which they were made
  int64_t comparison_count, comparison_capacity;
  mg_node *MG_NULLABLE reads;  // nodes whose number was read as a plain one, in order, again and again
  int64_t read_count, read_capacity;
  mg_node highest;     // of all that were noted; MG_NO_NODE where none was
  bool paused;         // recording was paused: what was computed then is no node
  bool swept;          // derivatives were computed as plain numbers, or gradients read
  bool written;        // data or gradients were set
  bool drawn;          // numbers were drawn at random
  bool reclaimed;      // a scope ended that had recorded a node noted here: its index may name another one now
  bool out_of_memory;  // something could not be noted
  bool careful;        // recorded derivatives choose for each product whether a zero meets nothing (mg_carried.h)
} mg_watch;

// A watch that has noted nothing.
static inline mg_watch mg_watch_make(void) { return (mg_watch){.highest = MG_NO_NODE}; }
// Forgets what was noted.
void mg_watch_free_lists(mg_watch *watch);

// Notes a comparison of the numbers of two nodes, or of a node and a plain number.
void mg_watch_comparison(mg_watch *watch, mg_comparison comparison);
// Notes that the number of a node was read, or those of consecutive nodes.
void mg_watch_read(mg_watch *watch, mg_node node);
void mg_watch_read_run(mg_watch *watch, mg_node first, int64_t count);

// For the tape: nodes from `start` on are reclaimed.
static inline void mg_watch_reclaim(mg_watch *watch, int64_t start) { watch->reclaimed |= watch->highest >= start; }

MG_ASSUME_NONNULL_END
