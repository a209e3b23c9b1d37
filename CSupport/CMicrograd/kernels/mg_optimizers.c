// The update rules of PyTorch's optimisers, as its documentation and behaviour give them. In the formulas θ is a value,
// g its gradient, γ the learning rate, λ the weight decay, ε what keeps a denominator from 0, t the step from 1.
#include "mg_optimizers.h"

#include <math.h>

#include "mg_versions.h"

// Fused operations would round differently from machine to machine; the loops wait for divisions anyway.
#pragma STDC FP_CONTRACT OFF

// The library's sqrt reports errors in errno, which keeps a loop from being vectorised.
#define SQRT(x) __builtin_elementwise_sqrt(x)

// g + λθ; without weight decay g as it is, however large θ became.
KERNEL_BODY double decayed(double gradient, double value, double weight_decay) {
  return weight_decay != 0 ? gradient + weight_decay * value : gradient;
}

// An average whose gradients have been zero for thousands of steps: 0 before it becomes subnormal, with which processors
// compute a hundred times slower. Neurons that never fire have such gradients.
KERNEL_BODY double settled(double average) { return fabs(average) < 0x1p-1010 ? 0 : average; }

// MARK: Averages of squares
//
// Where a square has left the range, or lost digits, its place holds minus the root, which has not. Gradients so large or so
// small are met by loops of their own, `far`, a piece at a time; the others do as the formulas say.

enum { PIECE = 512 };

KERNEL_BODY double root_of(double square) { return square < 0 ? -square : SQRT(square); }

// kept * square + added * g²
static double far_mix(double square, double kept, double added, double g) {
  double mixed = kept * square + added * g * g;
  if (square >= 0 && (mixed == 0 ? g == 0 : mixed > 0x1p-960 && mixed < 0x1p960)) return mixed;
  double root = hypot(SQRT(kept) * root_of(square), SQRT(added) * g);
  if (g == 0) root = settled(root);
  double whole = root * root;
  return root == 0 || root == INFINITY || (whole > 0x1p-960 && whole < 0x1p960) ? whole : -root;
}

KERNEL_BODY bool is_far(const double *values, const double *grads, const double *squares, double weight_decay,
                        int64_t count) {
  bool far = false;
  for (int64_t i = 0; i < count; i++) {
    double g = fabs(decayed(grads[i], values[i], weight_decay));
    far |= !((g == 0 || (g > 0x1p-470 && g < 0x1p470)) && squares[i] >= 0 && squares[i] < 0x1p950);
  }
  return far;
}

// a + w(b - a), from the nearer end.
KERNEL_BODY double mix(double a, double b, double weight) {
  return weight < 0.5 ? a + weight * (b - a) : b - (b - a) * (1 - weight);
}

// MARK: SGD

// torch.optim.SGD. With the momentum μ and the dampening τ, where μ ≠ 0:
//   b₁ = g + λθ,  bₜ = μ bₜ₋₁ + (1 - τ)(g + λθ)
//   θ ← θ - γ bₜ, and Nesterov's: θ ← θ - γ((g + λθ) + μ bₜ)
KERNEL_BODY void sgd(mg_sgd rule, double *restrict values, const double *restrict grads, double *restrict buffer,
                     int64_t count, bool has_momentum) {
  double kept = rule.is_first ? 0 : rule.momentum, added = rule.is_first ? 1 : 1 - rule.dampening;
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], rule.weight_decay);
    if (has_momentum) {
      double b = settled(kept * buffer[i] + added * g);
      buffer[i] = b;
      g = rule.is_nesterov ? g + rule.momentum * b : b;
    }
    values[i] -= rule.learning_rate * g;
  }
}

KERNEL void mg_sgd_step(mg_sgd rule, double *values, const double *grads, double *momentum_buffer, int64_t count) {
  if (momentum_buffer)
    sgd(rule, values, grads, momentum_buffer, count, true);
  else
    sgd(rule, values, grads, NULL, count, false);
}

// MARK: Adam

// torch.optim.Adam and AdamW. Adam adds λθ to g; AdamW first shrinks θ ← θ(1 - γλ) instead. Then
//   m ← β₁m + (1 - β₁)g,  v ← β₂v + (1 - β₂)g²,  AMSGrad's: v̂ ← max(v̂, v), without it v̂ = v
//   θ ← θ - γ/(1 - β₁ᵗ) · m / (√v̂ / √(1 - β₂ᵗ) + ε)
KERNEL_BODY void adam(mg_adam rule, double *restrict values, const double *restrict grads, double *restrict exp_avg,
                      double *restrict exp_avg_sq, double *restrict max_exp_avg_sq, int64_t count, bool is_amsgrad,
                      bool far) {
  double step_size = rule.learning_rate / (1 - pow(rule.beta1, (double)rule.step));
  double correction = SQRT(1 - pow(rule.beta2, (double)rule.step));
  double shrunk = rule.is_decoupled ? 1 - rule.learning_rate * rule.weight_decay : 1;
  double coupled_decay = rule.is_decoupled ? 0 : rule.weight_decay;
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], coupled_decay);
    double m = settled(mix(exp_avg[i], g, 1 - rule.beta1));
    double v = far ? far_mix(exp_avg_sq[i], rule.beta2, 1 - rule.beta2, g)
                   : settled(rule.beta2 * exp_avg_sq[i] + (1 - rule.beta2) * g * g);
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
    if (is_amsgrad) {
      double largest = max_exp_avg_sq[i];
      bool stays = far ? root_of(v) <= root_of(largest) : v <= largest;
      v = stays ? largest : v;
      max_exp_avg_sq[i] = v;
    }
    double root = far ? root_of(v) : SQRT(v);
    values[i] = shrunk * values[i] - step_size * (m / (root / correction + rule.epsilon));
  }
}

// Of a loop that may be far: one of both, a piece after the other from the i-th number on.
#define PIECES(far, near_loop, far_loop)                                                    \
  for (int64_t i = 0, n; i < count; i += n) {                                               \
    n = count - i < PIECE ? count - i : PIECE;                                              \
    if (MG_UNLIKELY(far)) far_loop;                                                         \
    else near_loop;                                                                         \
  }
#define FAR(squares, decay) is_far(values + i, grads + i, (squares) + i, decay, n)

KERNEL void mg_adam_step(mg_adam rule, double *values, const double *grads, double *exp_avg, double *exp_avg_sq,
                         double *max_exp_avg_sq, int64_t count) {
  double decay = rule.is_decoupled ? 0 : rule.weight_decay;
#define ADAM(largest, is_amsgrad, far)                                                      \
  adam(rule, values + i, grads + i, exp_avg + i, exp_avg_sq + i, largest, n, is_amsgrad, far)
  // A largest square may be far where no gradient is any more.
  if (max_exp_avg_sq)
    PIECES(FAR(exp_avg_sq, decay) || FAR(max_exp_avg_sq, decay), ADAM(max_exp_avg_sq + i, true, false),
           ADAM(max_exp_avg_sq + i, true, true))
  else
    PIECES(FAR(exp_avg_sq, decay), ADAM(NULL, false, false), ADAM(NULL, false, true))
#undef ADAM
}

// MARK: RMSProp

// torch.optim.RMSprop. With g + λθ for g:
//   v ← αv + (1 - α)g²,  centred: m ← αm + (1 - α)g, ṽ = v - m², without it ṽ = v
//   θ ← θ - γ g / (√ṽ + ε), and with the momentum μ: b ← μb + g / (√ṽ + ε), θ ← θ - γb
// ṽ is a variance; where rounding takes it below 0, after many like gradients, it is 0 here and NaN in PyTorch.
KERNEL_BODY void rmsprop(mg_rmsprop rule, double *restrict values, const double *restrict grads,
                         double *restrict square_avg, double *restrict grad_avg, double *restrict momentum_buffer,
                         int64_t count, bool is_centered, bool has_momentum, bool far) {
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], rule.weight_decay);
    double v = far ? far_mix(square_avg[i], rule.alpha, 1 - rule.alpha, g)
                   : settled(rule.alpha * square_avg[i] + (1 - rule.alpha) * g * g);
    double root = far ? root_of(v) : 0;
    square_avg[i] = v;
    if (is_centered) {
      double m = settled(mix(grad_avg[i], g, 1 - rule.alpha));
      grad_avg[i] = m;
      v -= m * m;
      v = v < 0 ? 0 : v;
      if (far) root = root > fabs(m) ? SQRT(root - fabs(m)) * SQRT(root + fabs(m)) : 0;
    }
    double change = g / ((far ? root : SQRT(v)) + rule.epsilon);
    if (has_momentum) {
      change = settled(change + rule.momentum * momentum_buffer[i]);
      momentum_buffer[i] = change;
    }
    values[i] -= rule.learning_rate * change;
  }
}

KERNEL void mg_rmsprop_step(mg_rmsprop rule, double *values, const double *grads, double *square_avg, double *grad_avg,
                            double *momentum_buffer, int64_t count) {
#define RMSPROP(average, buffer, is_centered, has_momentum)                                  \
  PIECES(FAR(square_avg, rule.weight_decay),                                                  \
         rmsprop(rule, values + i, grads + i, square_avg + i, average, buffer, n, is_centered, has_momentum, false), \
         rmsprop(rule, values + i, grads + i, square_avg + i, average, buffer, n, is_centered, has_momentum, true))
  if (grad_avg && momentum_buffer) RMSPROP(grad_avg + i, momentum_buffer + i, true, true)
  else if (grad_avg) RMSPROP(grad_avg + i, NULL, true, false)
  else if (momentum_buffer) RMSPROP(NULL, momentum_buffer + i, false, true)
  else RMSPROP(NULL, NULL, false, false)
#undef RMSPROP
}

// MARK: Adagrad

// torch.optim.Adagrad. With g + λθ for g and the decay η of the learning rate:
//   s ← s + g²,  θ ← θ - γ/(1 + (t - 1)η) · g / (√s + ε)
KERNEL_BODY void adagrad(mg_adagrad rule, double *restrict values, const double *restrict grads, double *restrict sum,
                         int64_t count, bool far) {
  double step_size = rule.learning_rate / (1 + (double)(rule.step - 1) * rule.learning_rate_decay);
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], rule.weight_decay);
    double s = far ? far_mix(sum[i], 1, 1, g) : sum[i] + g * g;
    sum[i] = s;
    values[i] -= step_size * (g / ((far ? root_of(s) : SQRT(s)) + rule.epsilon));
  }
}

KERNEL void mg_adagrad_step(mg_adagrad rule, double *values, const double *grads, double *sum, int64_t count) {
  PIECES(FAR(sum, rule.weight_decay), adagrad(rule, values + i, grads + i, sum + i, n, false),
         adagrad(rule, values + i, grads + i, sum + i, n, true))
}
#undef PIECES
#undef FAR
