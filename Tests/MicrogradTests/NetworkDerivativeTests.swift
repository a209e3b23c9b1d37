import Foundation
import Micrograd
import TestSupport
import XCTest

/// Networks made of blocks: their derivatives in every mode are those of PyTorch.
final class NetworkDerivativeTests: XCTestCase {
  func testGradientsAndProductsWithTheHessianArePyTorchs() {
    for each in NetworkCase.all {
      withDerivatives(at: each.arguments, of: each.loss) { f in
        check([f.value], [each.value], each, "value")
        check(f.gradient, each.gradient, each, "gradient")
        check(f.hessianVectorProduct(along: each.direction), each.product, each, "product")
        check(
          f.jacobianVectorProduct(along: each.direction), [product(each.gradient, each.direction)], each, "tangent",
          scale: each.gradient)
      }
    }
  }

  func testInputsMayBeData() {
    for each in NetworkCase.all {
      let inputs = Matrix.constant(rows: 5, columns: 3, each.inputs)
      let direction = Array(each.direction.prefix(each.weights.count))
      withDerivatives(at: each.weights, of: { weights in each.loss(weights, inputs) }) { f in
        check(f.gradient, Array(each.gradient.prefix(each.weights.count)), each, "gradient")
        check(f.hessianVectorProduct(along: direction), each.dataProduct, each, "product")
      }
      withDerivatives(at: each.weights, of: { x in gradient(at: x) { each.loss($0, inputs) } }) { f in
        check(f.jacobianVectorProduct(along: direction), each.dataProduct, each, "forward over recorded reverse")
        check(f.vectorJacobianProduct(along: direction), each.dataProduct, each, "reverse over recorded reverse")
      }
    }
  }

  func testWeightsMayBeParameters() {
    for each in NetworkCase.all {
      Tape.scope {
        let weights = Parameters(each.weights), inputs = Matrix(rows: 5, columns: 3, each.inputs)
        each.loss(Array(weights), inputs).backward()
        check(weights.gradients + inputs.gradients, each.gradient, each, "grad")
      }
    }
  }

  func testSweepsThatAreRecordedGoThroughBlocks() {
    for each in NetworkCase.all {
      withDerivatives(at: each.arguments, of: { x in gradient(at: x, of: each.loss) }) { f in
        check(f.values, each.gradient, each, "recorded gradient")
        check(f.jacobianVectorProduct(along: each.direction), each.product, each, "forward over recorded reverse")
        check(f.vectorJacobianProduct(along: each.direction), each.product, each, "reverse over recorded reverse")
      }
      let direction = each.direction.map { Value.constant($0) }
      withDerivatives(
        at: each.arguments, of: { x in directionalDerivative(at: x, along: direction, of: each.loss) }
      ) { f in
        check(f.gradient, each.product, each, "reverse over recorded forward")
        check(
          f.jacobianVectorProduct(along: each.direction), [product(each.product, each.direction)], each,
          "forward over recorded forward", scale: each.product)
      }
    }
  }

  func testBackwardCreatingAGraphGoesThroughBlocksAndReachesParameters() {
    for each in NetworkCase.all {
      Tape.scope {
        let weights = Parameters(each.weights), inputs = Matrix(rows: 5, columns: 3, each.inputs)
        let all = Array(weights) + inputs.values
        let gradients = each.loss(Array(weights), inputs).backward(creatingGraph: true)
        check(all.map { gradients[$0].data }, each.gradient, each, "gradients as Values")
        let slope = dot(each.direction, all.map { gradients[$0] })
        Tape.current.zeroGradients()
        slope.backward()
        check(weights.gradients + inputs.gradients, each.product, each, "backward of the gradients")
      }
    }
  }

  func testProductsAreDifferencesOfGradients() {
    for each in NetworkCase.all {
      func slope(_ step: Double) -> [Double] {
        gradient(at: zip(each.arguments, each.direction).map { $0 + step * $1 }, of: each.loss)
      }
      let step = 1e-5, largest = each.product.map(abs).max()!
      let differences = zip(slope(step), slope(-step)).map { ($0 - $1) / (2 * step) }
      withDerivatives(at: each.arguments, of: each.loss) { f in
        for (a, b) in zip(f.hessianVectorProduct(along: each.direction), differences) {
          XCTAssertEqual(a, b, accuracy: 1e-7 * largest, each.name)
        }
      }
    }
  }

  func testTheHessianOfANetworkIsSymmetric() {
    for each in NetworkCase.all where each.name != "margins" {
      let hessian = hessian(at: each.arguments, of: each.loss)
      let largest = hessian.joined().reduce(0) { Swift.max($0, abs($1)) }
      for (i, row) in hessian.enumerated() {
        for j in 0..<i { XCTAssertEqual(row[j], hessian[j][i], accuracy: 1e-13 * largest, each.name) }
      }
      for (row, expected) in zip(hessian, each.product) {
        XCTAssertEqual(product(row, each.direction), expected, accuracy: 1e-12 * largest, each.name)
      }
    }
  }

  private func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private func check(
    _ actual: [Double], _ expected: [Double], _ each: NetworkCase, _ what: String, scale: [Double] = [],
    line: UInt = #line
  ) {
    XCTAssertEqual(actual.count, expected.count, "\(what) of \(each.name)", line: line)
    let largest = (expected + scale).reduce(0) { Swift.max($0, abs($1)) }
    for (k, (a, b)) in zip(actual, expected).enumerated() where !(abs(a - b) <= 1e-11 * largest) {
      XCTFail("\(what) of \(each.name) is \(a), not \(b), at \(k)", line: line)
      return
    }
  }
}

/// What make_networks.py wrote.
private struct NetworkCase: Decodable {
  let name: String
  let weights: [Double]
  let inputs: [Double]
  let value: Double
  let gradient: [Double]
  let direction: [Double]
  let product: [Double]
  let dataProduct: [Double]

  static let all: [NetworkCase] = {
    struct File: Decodable { let cases: [NetworkCase] }
    return try! readFixture("networks.json", File.self).cases
  }()

  var arguments: [Double] { weights + inputs }

  func loss(_ arguments: [Value]) -> Value {
    let inputs = Matrix(rows: 5, columns: 3, values: Array(arguments[weights.count...]))
    return loss(Array(arguments[..<weights.count]), inputs)
  }

  func loss(_ weights: [Value], _ x: Matrix) -> Value {
    let take = Taker(weights: weights)
    return NetworkCase.networks[name]!(take, x)
  }
}

/// Hands out matrices of the weights, one after the other.
private final class Taker {
  private let weights: [Value]
  private var position = 0

  init(weights: [Value]) { self.weights = weights }

  func callAsFunction(_ rows: Int, _ columns: Int) -> Matrix {
    defer { position += rows * columns }
    return Matrix(rows: rows, columns: columns, values: Array(weights[position..<position + rows * columns]))
  }

  func row(_ columns: Int) -> Vector { self(1, columns).row(0) }

  func layer(_ x: Matrix, _ outputs: Int) -> Matrix {
    let weights = self(outputs, x.columns)
    return x.affine(weights: weights, bias: row(outputs))
  }

  func reluLayer(_ x: Matrix, _ outputs: Int) -> Matrix {
    let weights = self(outputs, x.columns)
    return x.affineReLU(weights: weights, bias: row(outputs))
  }
}

extension NetworkCase {
  private static let targets = [0.5, -1, 0.25, 2, -0.75]
  private static let signs = [1.0, -1, -1, 1, 1]
  private static let classes = [2, 0, 1, 1, 2]

  nonisolated(unsafe) fileprivate static let networks: [String: (Taker, Matrix) -> Value] = [
    "perceptron": { take, x in
      let hidden = take.layer(take.layer(x, 4).tanh(), 4).gelu()
      return take.layer(hidden, 1).losses(.squaredError, expected: targets).mean()
    },
    "layerNorm": { take, x in
      let hidden = take.layer(x, 4)
      let gain = take.row(4), bias = take.row(4)
      let normed = hidden.layerNorm(gain: gain, bias: bias)
      return take.layer(normed.silu(), 3).crossEntropy(classes: classes).mean()
    },
    "rmsNorm": { take, x in
      let first = take.layer(x, 4)
      let hidden = first.rmsNorm(gain: take.row(4))
      let gain = take.row(4), bias = take.row(4)
      // Two norms of one matrix, of two kinds.
      let centered = hidden.layerNorm(gain: gain, bias: bias, epsilon: 1e-3)
      let scaled = hidden.rmsNorm(gain: take.row(4), epsilon: 1e-2)
      let scores = take.layer((centered * scaled).sigmoid(), 3).logSoftmax()
      let chosen = classes.flatMap { c in (0..<3).map { $0 == c ? 1.0 : 0 } }
      return scores.scaled(by: chosen).sum() / -5
    },
    "attention": { take, x in
      let query = take.layer(x, 3), key = take(5, 3), value = take(3, 5)
      let weights = query.affine(weights: key).softmax()
      let scale = take(1, 3), shift = take(1, 3)
      let mixed = weights.affine(weights: value) * scale - shift
      let result = (mixed / (2 + take(1, 3).softplus()) + x).elu(scale: 1.5)
      return result.logSumExp().losses(.huber(delta: 0.7), expected: targets).mean()
    },
    "margins": { take, x in
      let hidden = take.reluLayer(take.reluLayer(x, 6), 4), scores = take.layer(hidden, 1)
      let margin = scores.losses(.hinge, expected: signs).mean()
      let squared = scores.losses(.squaredHinge, expected: signs).mean()
      let distance = scores.losses(.absoluteError, expected: targets).mean()
      return margin + squared + distance * hidden.rowSums().squared().sum()
    },
    "embedding": { take, x in
      let table = take(4, 2)
      let mask = [0, 2, 2, 2, 0, 2, 2, 0, 2, 2, 2, 2] as [Double]
      let hidden = table.gathering(rows: [2, 0, 2, 1, 3, 0]).scaled(by: mask).geluTanh()
      let shift = x.sum().squared() / 50
      let logits = take.layer(hidden, 1) + Matrix(rows: 1, columns: 1, values: [shift])
      return logits.losses(.binaryCrossEntropy, expected: (signs + [1]).map { 0.45 * ($0 + 1) }).mean()
    },
    "maps": { take, x in
      let a = take(5, 3), b = take(5, 3)
      let positive = (0.3 * a).exp() + x.squared() + 0.1
      let quotient = 2.5 / positive.sqrt() - positive.log() / (1.5 + b.magnitude())
      let kinked = (quotient - b).leakyReLU(slope: 0.2) * (1 - 0.5 * x)
      return kinked.mean() + logSumExp((a * b).rowSums().values)
    },
  ]
}
