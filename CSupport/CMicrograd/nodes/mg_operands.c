#include "mg_operands.h"

#include "mg_block_descriptor.h"
#include "mg_node.h"
#include "mg_tape_internal.h"

bool mg_visit_older_operands(const mg_tape *tape, int64_t first, int64_t last, mg_run_visitor visit, void *context) {
  for (int64_t i = first; i <= last; i++) {
    const mg_block *block = mg_find_block(tape, i);
    mg_node operand;
    int64_t count;
    if (block) {
      for (int64_t k = 0; mg_block_operand_run(tape, block, k, &operand, &count); k++)
        if (operand < first && !visit(context, tape, operand, mg_min(count, first - operand))) return false;
      i = mg_block_cap(block);
      continue;
    }
    count = mg_node_operand_count(tape, (mg_node)i);
    for (int64_t k = 0; k < count; k++) {
      operand = mg_node_operand(tape, (mg_node)i, k);
      if (operand < first && !visit(context, tape, operand, 1)) return false;
    }
  }
  return true;
}
