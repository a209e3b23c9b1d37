// Training of microgpt by hand, eight documents at a time, all positions of which go through layer after layer.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mgb_hand_layers.h"
#include "mgb_hand_written.h"

enum { N = MGB_GPT_WIDTH, T = MGB_GPT_BLOCK, HEADS = 4, HEAD = N / HEADS, HIDDEN = 4 * N };
enum { TOKENS = MGB_GPT_MOST_TOKENS };

// The matrices, one after the other.
typedef struct {
  int64_t wte, wpe, head, wq, wk, wv, wo, fc1, fc2, count;
} offsets;

static offsets offsets_of(int64_t tokens) {
  offsets at = {.wpe = tokens * N};
  at.head = at.wpe + T * N;
  at.wq = at.head + tokens * N;
  at.wk = at.wq + N * N;
  at.wv = at.wk + N * N;
  at.wo = at.wv + N * N;
  at.fc1 = at.wo + N * N;
  at.fc2 = at.fc1 + HIDDEN * N;
  at.count = at.fc2 + HIDDEN * N;
  return at;
}

// Eight documents: of each position the tokens, what comes next, and the weight in the loss.
typedef struct {
  int positions;
  int token[T][WIDTH], next[T][WIDTH];
  samples weight[T];
} documents;

// What the positions' numbers become on their way. n: what was normed.
typedef struct {
  samples e[T * N], x[T * N], n[T * N], q[T * N], k[T * N], v[T * N], a[T * N], y[T * N], m[T * N], z[T * N];
  samples hidden[T * HIDDEN], weights[T * HEADS * T], scores[T * TOKENS];
  samples se[T], sx[T], sy[T];
} numbers;

MGB_KERNEL static void embed(const double *p, const offsets *at, const documents *d, numbers *w) {
  for (int t = 0; t < d->positions; t++) {
    for (int j = 0; j < N; j++)
      for (int k = 0; k < WIDTH; k++) w->e[t * N + j][k] = p[at->wte + d->token[t][k] * N + j] + p[at->wpe + t * N + j];
    norm(w->e + t * N, N, w->x + t * N, w->se + t);
    norm(w->x + t * N, N, w->n + t * N, w->sx + t);
  }
}

MGB_KERNEL static void attend(int positions, numbers *w) {
#pragma clang fp contract(fast)
  for (int t = 0; t < positions; t++)
    for (int h = 0; h < HEADS; h++) {
      samples *weights = w->weights + (t * HEADS + h) * T;
      const samples *q = w->q + t * N + h * HEAD;
      for (int u = 0; u <= t; u++) {
        samples sum = {0};
        for (int c = 0; c < HEAD; c++) sum += q[c] * w->k[u * N + h * HEAD + c];
        weights[u] = sum * 0.5;  // √HEAD is 2
      }
      softmax(weights, t + 1);
      samples sum[HEAD] = {{0}};
      for (int u = 0; u <= t; u++)
        for (int c = 0; c < HEAD; c++) sum[c] += weights[u] * w->v[u * N + h * HEAD + c];
      for (int c = 0; c < HEAD; c++) w->a[t * N + h * HEAD + c] = sum[c];
    }
}

MGB_KERNEL static void attend_back(int positions, const numbers *w, numbers *d) {
#pragma clang fp contract(fast)
  for (int t = 0; t < positions; t++)
    for (int h = 0; h < HEADS; h++) {
      const samples *weights = w->weights + (t * HEADS + h) * T, *da = d->a + t * N + h * HEAD;
      const samples *q = w->q + t * N + h * HEAD;
      samples dw[T], mean = {0}, dq[HEAD] = {{0}};
      for (int u = 0; u <= t; u++) {
        samples sum = {0};
        for (int c = 0; c < HEAD; c++) {
          int64_t at = u * N + h * HEAD + c;
          sum += da[c] * w->v[at];
          d->v[at] += weights[u] * da[c];
        }
        dw[u] = sum;
        mean += weights[u] * sum;
      }
      for (int u = 0; u <= t; u++) {
        samples ds = weights[u] * (dw[u] - mean) * 0.5;
        for (int c = 0; c < HEAD; c++) {
          int64_t at = u * N + h * HEAD + c;
          dq[c] += ds * w->k[at];
          d->k[at] += ds * q[c];
        }
      }
      for (int c = 0; c < HEAD; c++) d->q[t * N + h * HEAD + c] = dq[c];
    }
}

MGB_KERNEL static void add_and_norm(int positions, const samples *summand, samples *x, samples *n, samples *s) {
  for (int i = 0; i < positions * N; i++) x[i] += summand[i];
  for (int t = 0; n && t < positions; t++) norm(x + t * N, N, n + t * N, s + t);
}

MGB_KERNEL static void relu(int count, samples *x) {
  for (int i = 0; i < count; i++) x[i] = WHERE(x[i] > 0, x[i]);
}

MGB_KERNEL static void relu_back(int count, const samples *x, samples *d) {
  for (int i = 0; i < count; i++) d[i] = WHERE(x[i] > 0, d[i]);
}

// The weighted -log p; scores become their derivatives.
MGB_KERNEL static double losses(int tokens, const documents *d, samples *scores) {
  double loss = 0;
  for (int t = 0; t < d->positions; t++) {
    samples *p = scores + t * tokens;
    softmax(p, tokens);
    for (int k = 0; k < WIDTH; k++)
      if (d->weight[t][k] > 0) loss -= d->weight[t][k] * log(p[d->next[t][k]][k]);
    for (int i = 0; i < tokens; i++) p[i] *= d->weight[t];
    for (int k = 0; k < WIDTH; k++) p[d->next[t][k]][k] -= d->weight[t][k];
  }
  return loss;
}

MGB_KERNEL static void norms_back(int positions, const samples *x, const samples *s, const samples *dn, samples *dx) {
  for (int t = 0; t < positions; t++) norm_pass_back(x + t * N, N, s + t, dn + t * N, dx + t * N);
}

MGB_KERNEL static void embed_back(const offsets *at, const documents *d, const samples *de, double *dp) {
  for (int t = 0; t < d->positions; t++) {
    for (int j = 0; j < N; j += WIDTH) add_totals(de + t * N + j, dp + at->wpe + t * N + j);
    for (int k = 0; k < WIDTH; k++)
      for (int j = 0; j < N; j++) dp[at->wte + d->token[t][k] * N + j] += de[t * N + j][k];
  }
}

// The loss of some documents, whose derivatives are added to dp.
//
// w: the numbers, d: their derivatives.
static double gpt_loss(int tokens, const double *p, const documents *docs, double *dp, numbers *w, numbers *d) {
  const offsets at = offsets_of(tokens);
  const int positions = docs->positions;
  embed(p, &at, docs, w);
  linear(p + at.wq, N, N, w->n, w->q, positions);
  linear(p + at.wk, N, N, w->n, w->k, positions);
  linear(p + at.wv, N, N, w->n, w->v, positions);
  attend(positions, w);
  linear(p + at.wo, N, N, w->a, w->y, positions);
  add_and_norm(positions, w->x, w->y, w->m, w->sy);
  linear(p + at.fc1, N, HIDDEN, w->m, w->hidden, positions);
  relu(positions * HIDDEN, w->hidden);
  linear(p + at.fc2, HIDDEN, N, w->hidden, w->z, positions);
  add_and_norm(positions, w->y, w->z, NULL, NULL);
  linear(p + at.head, N, tokens, w->z, w->scores, positions);
  double loss = losses(tokens, docs, w->scores);

  const size_t row = (size_t)positions * N * sizeof(samples);
  memset(d->y, 0, row);
  linear_outer(N, tokens, w->z, w->scores, positions, dp + at.head);
  linear_pass_back(p + at.head, N, tokens, w->scores, d->y, positions);
  linear_outer(HIDDEN, N, w->hidden, d->y, positions, dp + at.fc2);
  memset(d->hidden, 0, row * (HIDDEN / N));
  linear_pass_back(p + at.fc2, HIDDEN, N, d->y, d->hidden, positions);
  relu_back(positions * HIDDEN, w->hidden, d->hidden);
  linear_outer(N, HIDDEN, w->m, d->hidden, positions, dp + at.fc1);
  memset(d->m, 0, row);
  linear_pass_back(p + at.fc1, N, HIDDEN, d->hidden, d->m, positions);
  norms_back(positions, w->y, w->sy, d->m, d->y);
  linear_outer(N, N, w->a, d->y, positions, dp + at.wo);
  memset(d->a, 0, row);
  linear_pass_back(p + at.wo, N, N, d->y, d->a, positions);
  memset(d->k, 0, row);
  memset(d->v, 0, row);
  attend_back(positions, w, d);
  linear_outer(N, N, w->n, d->q, positions, dp + at.wq);
  linear_outer(N, N, w->n, d->k, positions, dp + at.wk);
  linear_outer(N, N, w->n, d->v, positions, dp + at.wv);
  memset(d->n, 0, row);
  linear_pass_back(p + at.wq, N, N, d->q, d->n, positions);
  linear_pass_back(p + at.wk, N, N, d->k, d->n, positions);
  linear_pass_back(p + at.wv, N, N, d->v, d->n, positions);
  norms_back(positions, w->x, w->sx, d->n, d->y);  // d->y is that of w->x too, to which the attention was added
  memset(d->e, 0, row);
  norms_back(positions, w->e, w->se, d->y, d->e);
  embed_back(&at, docs, d->e, dp);
  return loss;
}

// MARK: Training

static int positions_of(const mgb_gpt *gpt, int64_t document) {
  int64_t length = gpt->starts[document + 1] - gpt->starts[document] - 1;
  return length < T ? (int)length : T;
}

// The documents of a group side by side, those that are shorter filled up with weights of 0.
static void gather(const mgb_gpt *gpt, const int64_t *group, int count, documents *d) {
  memset(d, 0, sizeof *d);
  for (int k = 0; k < count; k++) {
    const int positions = positions_of(gpt, group[k]);
    const int32_t *tokens = gpt->tokens + gpt->starts[group[k]];
    if (positions > d->positions) d->positions = positions;
    for (int t = 0; t < positions; t++) {
      d->token[t][k] = tokens[t];
      d->next[t][k] = tokens[t + 1];
      d->weight[t][k] = 1 / ((double)positions * (double)gpt->batch);
    }
  }
}

// Adam with β 0.85 and 0.99, its rate falling from 0.01 to 0 in a thousand steps.
MGB_KERNEL static void adam(int64_t step, int64_t count, double *restrict p, const double *restrict g,
                            double *restrict m, double *restrict v) {
#pragma clang fp contract(fast)
  const double t = (double)step + 1, rate = 0.01 * (1 - (double)step / 1000) / (1 - pow(0.85, t));
  const double correction = 1 / (1 - pow(0.99, t));
  for (int64_t i = 0; i < count; i++) {
    m[i] = 0.85 * m[i] + 0.15 * g[i];
    v[i] = 0.99 * v[i] + 0.01 * (g[i] * g[i]);
    p[i] -= rate * m[i] / (__builtin_elementwise_sqrt(v[i] * correction) + 1e-8);
  }
}

enum { MOST = 2 * TOKENS * N + T * N + 4 * N * N + 2 * HIDDEN * N };

typedef struct {
  numbers w, d;
  double p[MOST], m[MOST], v[MOST];  // parameters, and Adam's means
} memory;

void mgb_hand_gpt(int64_t steps, const mgb_gpt *gpt, double *result) {
  memory *all = aligned_alloc(sizeof(samples), sizeof *all);
  if (!all) abort();
  const int64_t count = offsets_of(gpt->token_count).count;
  const size_t bytes = (size_t)count * sizeof(double);
  double *dp = result + 1;
  memcpy(all->p, gpt->parameters, bytes);
  memset(all->m, 0, bytes);
  memset(all->v, 0, bytes);
  for (int64_t step = 0, read = 0; step < steps; step++) {
    memset(result, 0, bytes + sizeof(double));
    int64_t batch[MGB_GPT_MOST_DOCUMENTS];
    for (int64_t i = 0; i < gpt->batch; i++, read++) {  // sorted by length
      int64_t document = read % gpt->document_count, at = i;
      for (; at > 0 && positions_of(gpt, batch[at - 1]) > positions_of(gpt, document); at--) batch[at] = batch[at - 1];
      batch[at] = document;
    }
    for (int64_t i = 0; i < gpt->batch; i += WIDTH) {
      documents d;
      gather(gpt, batch + i, (int)(gpt->batch - i < WIDTH ? gpt->batch - i : WIDTH), &d);
      result[0] += gpt_loss((int)gpt->token_count, all->p, &d, dp, &all->w, &all->d);
    }
    adam(step, count, all->p, dp, all->m, all->v);
  }
  free(all);
}
