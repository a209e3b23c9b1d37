/// The method of a minimiser.
public enum MinimizationMethod: Sendable, CaseIterable {
  /// L-BFGS (Liu & Nocedal, 1989). Uses gradients only; memory is linear in the number of parameters. With bounds, it
  /// projects as Bertsekas (1982) does.
  case lbfgs
  /// Newton's method with a line search. Each step is solved by conjugate gradients with exact Hessian-vector products: few
  /// iterations, several products each.
  case newtonCG
  /// Newton's method in a trust region (Steihaug, 1983; with bounds, Lin & Moré, 1999): the most robust method for functions
  /// that are not convex.
  case trustRegion
}
