// Dense linear algebra on plain numbers: matrices are row-major without gaps, [rows, columns].
//
// LU, Cholesky and eigenvalues are LAPACK's if OpenBLAS is in use and the matrix is large; else the engine's own. Both are
// backward stable, so that they differ by rounding.
#pragma once

#include "mg_base.h"

MG_ASSUME_NONNULL_BEGIN

// Factors a [n, n] = Pᵀ L U with row exchanges (Golub & Van Loan, Matrix Computations, 3.4): a becomes U, and below the
// diagonal L, whose diagonal is ones. Row i was exchanged with row exchanges[i] >= i, for i = 0, 1, …. Returns n, or the
// first column in which all candidates for the pivot are 0; the factors are complete nevertheless.
int64_t mg_lu_factor(double *a, int64_t *exchanges, int64_t n);
// The same without exchanges, by the engine's own kernel.
void mg_lu_factor_in_order(double *a, int64_t n);
// b [n, k] becomes A⁻¹ b, or A⁻ᵀ b, by the factors of A.
void mg_lu_solve(const double *lu, const int64_t *exchanges, int64_t n, double *b, int64_t k, bool transposed);

// Factors the symmetric matrix a [n, n] = L Lᵀ; reads the diagonal and what is below. a becomes L, with zeros above the
// diagonal. Returns n, or the first row whose pivot is not above 0; a is spoilt then.
int64_t mg_cholesky_factor(double *a, int64_t n);

// b [n, k] becomes T⁻¹ b, or T⁻ᵀ b, for a triangular matrix T: the part of t above or below the diagonal, and the diagonal,
// which counts as ones if is_unit.
void mg_triangular_solve(const double *t, int64_t n, bool is_upper, bool is_unit, bool transposed, double *b, int64_t k);

// The first n rows of b [m, k] become the x that minimises |a x - b|, for a [m, n] with m >= n, by Householder reflections
// (Golub & Van Loan, 5.2 and 5.3). a becomes R and the reflections. Returns n, or the first column that is, to rounding,
// a combination of those before it; b is spoilt then.
int64_t mg_least_squares(double *a, int64_t m, int64_t n, double *b, int64_t k);

// The eigenvalues of the symmetric matrix a [n, n] in ascending order, and its eigenvectors as the columns of vectors
// [n, n]; a is spoilt. Reads the diagonal and what is below. By Jacobi's rotations (Golub & Van Loan, 8.5), or LAPACK's
// dsyevd. Returns false if they do not converge, as with numbers that are not finite.
bool mg_symmetric_eigen(double *a, int64_t n, double *values, double *vectors);

MG_ASSUME_NONNULL_END
