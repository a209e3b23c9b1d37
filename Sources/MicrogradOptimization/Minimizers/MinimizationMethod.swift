/// The method of a minimiser.
public enum MinimizationMethod: Sendable, CaseIterable {
  /// L-BFGS (Liu & Nocedal, 1989). Uses only gradients; memory is linear in the number of parameters. With bounds, it uses
  /// projections as in Bertsekas (1982).
  case lbfgs
  /// Newton's method with a line search. Each step is solved by conjugate gradients with exact Hessian-vector products: few
  /// iterations, several products per iteration.
  case newtonCG
  /// Newton's method with a trust region (Steihaug, 1983; with bounds, Lin & Moré, 1999): the most robust method for
  /// non-convex functions.
  case trustRegion
}
