import Foundation
import Micrograd
import MicrogradDistributed
import MicrogradNN
import MicrogradOptimization
import TestSupport
import XCTest

final class DocumentationTests: XCTestCase {
  private var printed: [String] = []

  private func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }

  func testTheExamplesOfTheArticle() throws {
    let losses = try InProcessCommunicator.run(ranks: 2) { ranks in
      var (noise, random) = (NumPyRandom(seed: 1), PythonRandom(seed: 1))
      let moons = try Dataset(makeMoons(count: 1000, noise: 0.1, using: &noise))
      let model = Sequential(Linear(2, 16, using: &random), Activation.tanh, Linear(16, 1, using: &random))
      var options = TrainingOptions()
      (options.epochs, options.batchSize) = (3, 500)
      var trainer = DistributedTrainer(
        model, Adam(model, learningRate: 0.01), .binaryCrossEntropy, options, communicator: ranks)
      return try trainer.fit(moons).epochs.map(\.loss)
    }
    print(losses[0] == losses[1], losses[0].count)  // true 3

    let fits = try InProcessCommunicator.run(ranks: 3) { ranks in
      let data = RankedData(count: 10_000, columns: 2) { rows in
        let x = rows.map { Double($0) / 1000 }
        return [x, x.map { 3 + 2 * $0 }]
      }
      return try fitCurve(over: ranks, data, from: [0, 0]) { p, x in p[0] + p[1] * x[0] }.parameters
    }
    print(fits[0].map { ($0 * 1e6).rounded() / 1e6 }, fits[0] == fits[2])  // [3.0, 2.0] true

    let outcomes = try InProcessCommunicator.run(ranks: 2) { ranks in
      try ranks.map([4.0, -1.0, 9.0]) { x in
        if x < 0 { throw OptimizationError.valueNotFinite(found: x) }
        return x.squareRoot()
      }
    }
    print(outcomes[0].compactMap { try? $0.get() })  // [2.0, 3.0]

    let here = Documented.lines(try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8))
    let article = try Documented.examples(
      ofArticle: "Sources/MicrogradDistributed/MicrogradDistributed.docc/MicrogradDistributed.md")
    XCTAssertEqual(article.count, 3)
    for example in article { XCTAssertTrue(here.contains(Documented.lines(example)), "missing here: \(example)") }
    XCTAssertEqual(printed, Documented.printed(by: article))
  }

  func testTheExamplesOfTheComments() throws {
    let data = RankedData([[0, 1, 2], [1, 3.1, 4.9]])
    XCTAssertEqual([data.count, data.columnCount], [3, 2])
    let fit = try fitCurve(over: SingleCommunicator(), data, from: [0, 0]) { p, x in p[0] + p[1] * x[0] }
    XCTAssertEqual(fit.parameters[0], 1.05, accuracy: 1e-14)
    XCTAssertEqual(fit.parameters[1], 1.95, accuracy: 1e-14)
    let mean = try leastSquares(over: SingleCommunicator(), RankedData([[1, 2, 3.3]]), from: [0]) { p, row in
      p[0] - row[0]
    }
    XCTAssertEqual(mean.parameters[0], 2.1, accuracy: 1e-14)
    let sum = try DistributedSum(over: SingleCommunicator(), RankedData([[1, 2, 4]]), at: [3]) { p, row in
      (p[0] - row[0]).squared()
    }
    let (value, gradient) = try sum.valueWithGradient(at: [3])
    XCTAssertEqual(value, 6)
    XCTAssertEqual(gradient, [4])
    let squares = try SingleCommunicator().map([1, 2, 3]) { $0 * $0 }
    XCTAssertEqual(try squares.map { try $0.get() }, [1, 4, 9])
  }
}
