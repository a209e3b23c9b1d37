// Steps of optimisers over consecutive numbers. A step changes `values` by their gradients `grads` and keeps the
// optimiser's own numbers beside them, one a number in each buffer. The rules are PyTorch's, operation for operation;
// buffers bear its names. No two buffers overlap. Every element is computed alike and without fused operations, so the
// bits depend neither on the width of the machine's vectors nor on how the numbers are split into runs.
//
// Averages and sums of squares hold minus the root where the square itself is out of the range of doubles, or nearly: steps
// are right for gradients of 1e200 and 1e-200, too.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

typedef struct {
  double learning_rate, momentum, dampening, weight_decay;
  bool is_nesterov;
  bool is_first;  // step, which takes the gradient for the momentum
} mg_sgd;

// `momentum_buffer` is NULL where there is no momentum.
void mg_sgd_step(mg_sgd rule, double *values, const double *grads, double *MG_NULLABLE momentum_buffer, int64_t count);

typedef struct {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
  bool is_decoupled;  // the weight decay, as in AdamW
  int64_t step;       // counted from 1
} mg_adam;

// `max_exp_avg_sq` is NULL where the rule is not AMSGrad's.
void mg_adam_step(mg_adam rule, double *values, const double *grads, double *exp_avg, double *exp_avg_sq,
                  double *MG_NULLABLE max_exp_avg_sq, int64_t count);

typedef struct {
  double learning_rate, alpha, epsilon, weight_decay, momentum;
} mg_rmsprop;

// `grad_avg` is NULL where the rule is not centred, `momentum_buffer` where there is no momentum.
void mg_rmsprop_step(mg_rmsprop rule, double *values, const double *grads, double *square_avg,
                     double *MG_NULLABLE grad_avg, double *MG_NULLABLE momentum_buffer, int64_t count);

typedef struct {
  double learning_rate, learning_rate_decay, weight_decay, epsilon;
  int64_t step;  // counted from 1
} mg_adagrad;

void mg_adagrad_step(mg_adagrad rule, double *values, const double *grads, double *sum, int64_t count);

MG_ASSUME_NONNULL_END
