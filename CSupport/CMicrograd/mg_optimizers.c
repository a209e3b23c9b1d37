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
      double b = kept * buffer[i] + added * g;
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
                      double *restrict exp_avg_sq, double *restrict max_exp_avg_sq, int64_t count, bool is_amsgrad) {
  double step_size = rule.learning_rate / (1 - pow(rule.beta1, (double)rule.step));
  double correction = SQRT(1 - pow(rule.beta2, (double)rule.step));
  double shrunk = rule.is_decoupled ? 1 - rule.learning_rate * rule.weight_decay : 1;
  double coupled_decay = rule.is_decoupled ? 0 : rule.weight_decay;
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], coupled_decay);
    double m = mix(exp_avg[i], g, 1 - rule.beta1);
    double v = rule.beta2 * exp_avg_sq[i] + (1 - rule.beta2) * g * g;
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
    if (is_amsgrad) {
      double largest = max_exp_avg_sq[i];
      v = v <= largest ? largest : v;
      max_exp_avg_sq[i] = v;
    }
    values[i] = shrunk * values[i] - step_size * (m / (SQRT(v) / correction + rule.epsilon));
  }
}

KERNEL void mg_adam_step(mg_adam rule, double *values, const double *grads, double *exp_avg, double *exp_avg_sq,
                         double *max_exp_avg_sq, int64_t count) {
  if (max_exp_avg_sq)
    adam(rule, values, grads, exp_avg, exp_avg_sq, max_exp_avg_sq, count, true);
  else
    adam(rule, values, grads, exp_avg, exp_avg_sq, NULL, count, false);
}

// MARK: RMSProp

// torch.optim.RMSprop. With g + λθ for g:
//   v ← αv + (1 - α)g²,  centred: m ← αm + (1 - α)g, ṽ = v - m², without it ṽ = v
//   θ ← θ - γ g / (√ṽ + ε), and with the momentum μ: b ← μb + g / (√ṽ + ε), θ ← θ - γb
// ṽ is a variance; where rounding takes it below 0, after many like gradients, it is 0 here and NaN in PyTorch.
KERNEL_BODY void rmsprop(mg_rmsprop rule, double *restrict values, const double *restrict grads,
                         double *restrict square_avg, double *restrict grad_avg, double *restrict momentum_buffer,
                         int64_t count, bool is_centered, bool has_momentum) {
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], rule.weight_decay);
    double v = rule.alpha * square_avg[i] + (1 - rule.alpha) * g * g;
    square_avg[i] = v;
    if (is_centered) {
      double m = mix(grad_avg[i], g, 1 - rule.alpha);
      grad_avg[i] = m;
      v -= m * m;
      v = v < 0 ? 0 : v;
    }
    double change = g / (SQRT(v) + rule.epsilon);
    if (has_momentum) {
      change += rule.momentum * momentum_buffer[i];
      momentum_buffer[i] = change;
    }
    values[i] -= rule.learning_rate * change;
  }
}

KERNEL void mg_rmsprop_step(mg_rmsprop rule, double *values, const double *grads, double *square_avg, double *grad_avg,
                            double *momentum_buffer, int64_t count) {
  if (grad_avg && momentum_buffer)
    rmsprop(rule, values, grads, square_avg, grad_avg, momentum_buffer, count, true, true);
  else if (grad_avg)
    rmsprop(rule, values, grads, square_avg, grad_avg, NULL, count, true, false);
  else if (momentum_buffer)
    rmsprop(rule, values, grads, square_avg, NULL, momentum_buffer, count, false, true);
  else
    rmsprop(rule, values, grads, square_avg, NULL, NULL, count, false, false);
}

// MARK: Adagrad

// torch.optim.Adagrad. With g + λθ for g and the decay η of the learning rate:
//   s ← s + g²,  θ ← θ - γ/(1 + (t - 1)η) · g / (√s + ε)
KERNEL void mg_adagrad_step(mg_adagrad rule, double *values, const double *grads, double *sum, int64_t count) {
  double step_size = rule.learning_rate / (1 + (double)(rule.step - 1) * rule.learning_rate_decay);
  for (int64_t i = 0; i < count; i++) {
    double g = decayed(grads[i], values[i], rule.weight_decay);
    double s = sum[i] + g * g;
    sum[i] = s;
    values[i] -= step_size * (g / (SQRT(s) + rule.epsilon));
  }
}
