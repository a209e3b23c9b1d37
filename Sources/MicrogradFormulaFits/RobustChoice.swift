import MicrogradOptimization

/// A robust loss, such as `huber:0.5`. Without a scale, the scale follows from the residuals.
package struct RobustChoice: Equatable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case huber, cauchy
    case softL1 = "soft-l1"
  }
  package let kind: Kind
  package let scale: Double?

  /// Reads a name and a scale above 0. Returns nil if the text is neither.
  package init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard let kind = parts.first.flatMap({ Kind(rawValue: String($0)) }), parts.count <= 2 else { return nil }
    self.kind = kind
    if parts.count == 2 {
      guard let scale = Double(parts[1]), scale > 0, scale.isFinite else { return nil }
      self.scale = scale
    } else {
      scale = nil
    }
  }

  package func loss(scale: Double) -> FitLoss {
    switch kind {
    case .huber: .huber(scale: scale)
    case .softL1: .softL1(scale: scale)
    case .cauchy: .cauchy(scale: scale)
    }
  }
}
