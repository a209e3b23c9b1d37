/// The 21-point Kronrod rule and the 10-point Gauss rule on -1...1, which shares ten of its points.
///
/// The Kronrod rule is exact for polynomials up to degree 32, the Gauss rule up to degree 19 (R. Piessens et al., QUADPACK,
/// 1983). A test checks both.
internal enum GaussKronrod {
  /// The points in increasing order.
  static let points = nonnegativePoints.dropFirst().reversed().map { -$0 } + nonnegativePoints
  /// The weights of the Kronrod rule.
  static let weights = kronrod.dropFirst().reversed() + kronrod
  /// The weights of the Gauss rule; 0 at points that are Kronrod's alone.
  static let gaussWeights = gauss.dropFirst().reversed() + gauss

  private static let nonnegativePoints: [Double] = [
    0, 0.14887433898163121088, 0.29439286270146019813, 0.43339539412924719080, 0.56275713466860468334,
    0.67940956829902440623, 0.78081772658641689706, 0.86506336668898451073, 0.93015749135570822600,
    0.97390652851717172008, 0.99565716302580808074,
  ]

  private static let kronrod: [Double] = [
    0.14944555400291690566, 0.14773910490133849137, 0.14277593857706008080, 0.13470921731147332593,
    0.12349197626206585108, 0.10938715880229764190, 0.093125454583697605535, 0.075039674810919952767,
    0.054755896574351996031, 0.032558162307964727479, 0.011694638867371874278,
  ]

  private static let gauss: [Double] = [
    0, 0.29552422471475287017, 0, 0.26926671930999635509, 0, 0.21908636251598204400, 0, 0.14945134915058059315, 0,
    0.066671344308688137594, 0,
  ]
}
