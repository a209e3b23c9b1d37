// What a fit wants of all samples at once.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// r is a sample's first output, and J are its derivatives by the inputs. The program computes both.
typedef struct {
  const double *weights;  // one a derivative
  double *triangle;       // R of the QR factors of the matrix [J r], column by column (mg_triangle.h)
  double square;          // Σ (Σ weight |derivative|)², over samples and over derivatives
} mg_row_reduction;

MG_ASSUME_NONNULL_END
