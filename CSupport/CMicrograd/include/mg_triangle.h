// The triangle R of the QR factors of a matrix with many rows, which come a panel at a time.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// Adds rows to a matrix, and updates R of its QR factors. `triangle` is R: columns × columns numbers, column by column, with
// zeros below the diagonal; it is all zeros before the first rows. The panel has the new rows, with its columns `stride` numbers
// apart. It is used as workspace. Elements on the diagonal of R have either sign. Lengths of columns must be within
// 1e-100 … 1e100. Numbers that are not finite make R NaN.
// J. Demmel, L. Grigori, M. Hoemmen, J. Langou, Communication-optimal parallel and sequential QR and LU factorizations (2012).
void mg_triangle_add_rows(double *triangle, int64_t columns, double *panel, int64_t stride, int64_t rows);

MG_ASSUME_NONNULL_END
