import Micrograd

extension Module {
  static let ba = Module(
    name: "ba",
    functions: [
      "objective": Function(prepare: { (input: BundleInput) in
        let problem = input.problem
        return { problem.errors() }
      }),
      "jacobian": Function(prepare: { (input: BundleInput) in try input.problem.compiled() }),
    ])
}

/// How many cameras, points and observations there are, and the numbers that each of them has.
package struct BundleInput: Input {
  let n: Int
  let m: Int
  let p: Int
  let cam: [Double]
  let x: [Double]
  let w: Double
  let feat: [Double]

  package func check() throws(InputError) {
    let largest = 1 << 24
    try expect(
      n > 0 && m > 0 && p > 0 && n <= largest && m <= largest && p <= largest,
      "n is \(n), m is \(m) and p is \(p): there are 1 to \(largest) of each")
    try expect(cam.count == 11, "cam has \(cam.count) numbers, not 11")
    try expect(x.count == 3, "x has \(x.count) numbers, not 3")
    try expect(feat.count == 2, "feat has \(feat.count) numbers, not 2")
  }

  package var problem: BundleAdjustment {
    BundleAdjustment(
      cameras: Array(repeating: cam, count: n), points: Array(repeating: x, count: m),
      weights: Array(repeating: w, count: p), features: Array(repeating: feat, count: p))
  }
}

/// The errors of all observations and weights. As all are equal, GradBench asks for the first of them alone.
package struct BundleErrors: Encodable {
  let observations: [[Double]]
  let weights: [Double]

  private struct Observations: Encodable {
    let elements: [Double]
    let repeated: Int
  }

  private struct Weights: Encodable {
    let element: Double
    let repeated: Int
  }

  private enum Key: String, CodingKey {
    case observations = "reproj_error"
    case weights = "w_err"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(
      Observations(elements: observations[0], repeated: observations.count), forKey: .observations)
    try container.encode(Weights(element: weights[0], repeated: weights.count), forKey: .weights)
  }
}

// GradBench asks for the first 30 numbers of each list and for the last.
extension BundleJacobian: Encodable {
  private enum Key: String, CodingKey {
    case rows
    case columns = "cols"
    case entries = "vals"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(rows.prefix(30) + rows.suffix(1), forKey: .rows)
    try container.encode(columns.prefix(30) + columns.suffix(1), forKey: .columns)
    try container.encode(entries.prefix(30) + entries.suffix(1), forKey: .entries)
  }
}
