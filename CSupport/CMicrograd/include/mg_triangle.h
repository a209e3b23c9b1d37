// The triangle R of the QR factors of a matrix with many rows, which come a panel at a time.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// Adds rows to a matrix of which R is kept: `triangle`, of columns × columns numbers, column by column, 0 below the diagonal; all 0
// before the first rows. The panel has the new rows, its columns `stride` numbers apart; what it holds afterwards is undefined. Signs
// on the diagonal are any. Right if the squares of the columns' lengths are within 1e-200 … 1e200; what is not finite makes R NaN.
// J. Demmel, L. Grigori, M. Hoemmen, J. Langou, Communication-optimal parallel and sequential QR and LU factorizations (2012).
void mg_triangle_add_rows(double *triangle, int64_t columns, double *panel, int64_t stride, int64_t rows);

MG_ASSUME_NONNULL_END
