/// How a minimum is searched.
public enum MinimizationMethod: Sendable, CaseIterable {
  /// L-BFGS (Liu & Nocedal, 1989): needs gradients only, in memory that grows with the number of parameters. With bounds,
  /// projected as by Bertsekas (1982).
  case lbfgs
  /// Newton's method, each step solved by conjugate gradients with exact Hessian-vector products and searched along; few
  /// iterations, each of several products.
  case newtonCG
  /// The same in a region that is trusted (Steihaug, 1983; with bounds, Lin & Moré, 1999): the most robust where the
  /// function is not convex.
  case trustRegion
}
