import XCTest

@testable import Micrograd

/// Derivatives of random programs, compiled, against those of recordings, to the scales of ``CompiledRandomTests``.
final class CompiledRandomDerivativesTests: XCTestCase {
  #if DEBUG
    private let programs = 60
  #else
    private let programs = 600
  #endif

  override func invokeTest() { Tape.scope { super.invokeTest() } }

  private let direction = [0.7, -1.3, 0.4]
  private let weights = [0.5, -1, 0.25, 2, -0.75, 1.5]

  private func check(
    _ found: [Double], _ what: String, _ seed: UInt64, at sample: [Double], line: UInt = #line,
    _ numbers: @escaping CompiledRandomTests.Recorded.Numbers
  ) -> Bool {
    let expected = CompiledRandomTests.Recorded(at: sample, seed: seed, of: numbers)
    XCTAssertEqual(found.count, expected.numbers.count, line: line)
    for (k, number) in found.enumerated() where number != expected.numbers[k] {
      if number.isNaN && expected.numbers[k].isNaN { continue }
      let isClose = abs(number - expected.numbers[k]) <= 1e-13 * expected.scales[k]
      if isClose { continue }
      XCTFail(
        "seed \(seed), \(what) \(k): \(number), not \(expected.numbers[k]) (scale \(expected.scales[k]))", line: line)
      return false
    }
    return true
  }

  func testFirstDerivativesOfAllResultsAgree() throws {
    for seed in 20000..<20000 + UInt64(programs) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 3 + Int(seed % 40))
        let samples = CompiledRandomTests.samples(5, seed: seed)
        let f = try compile(at: samples[0]) { x in program.results(x) }
        let full = SparsityPattern(columns: 3, columnsByRow: .init(repeating: [0, 1, 2], count: f.resultCount))
        let all = try f.jacobians(at: samples)
        for (s, x) in samples.rows.enumerated() {
          let (results, jacobian) = try f.valueWithJacobian(at: x)
          let agree = [
            check(all[s], "Jacobian of many", seed, at: x) { x, reading in
              Micrograd.jacobian(at: x) { program.results($0, reading: reading) }.flatMap(\.self)
            },
            check(results + jacobian.flatMap(\.self), "Jacobian", seed, at: x) { x, reading in
              let (value, jacobian) = Micrograd.valueWithJacobian(at: x) { program.results($0, reading: reading) }
              return value + jacobian.flatMap(\.self)
            },
            check(
              try f.sparseJacobian(at: x, pattern: full).dense.flatMap(\.self), "sparse Jacobian by columns", seed,
              at: x
            ) { x, reading in Micrograd.jacobian(at: x) { program.results($0, reading: reading) }.flatMap(\.self) },
            check(try f.vectorJacobianProduct(at: x, along: weights), "vᵀJ", seed, at: x) { [weights] x, reading in
              Micrograd.vectorJacobianProduct(at: x, along: weights) { program.results($0, reading: reading) }
            },
            check(try f.jacobianVectorProduct(at: x, along: direction), "J v", seed, at: x) { [direction] x, reading in
              Micrograd.jacobianVectorProduct(at: x, along: direction) { program.results($0, reading: reading) }
            },
          ]
          if agree.contains(false) { return XCTFail(program.description) }
        }
      }
    }
  }

  func testGradientsByParametersOfEachSampleAgree() throws {
    for seed in 40000..<40000 + UInt64(programs) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 3 + Int(seed % 40))
        let samples = CompiledRandomTests.samples(5, seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        let gradients = try f.gradients(at: samples, byParameters: program.parameters)
        for (s, x) in samples.rows.enumerated() {
          let agrees = check(gradients[s], "gradient by parameter", seed, at: x) { x, reading in
            for p in program.parameters { p.grad = 0 }
            let y = program(x.map { Value($0) }, reading: reading)
            if y.tape != nil { y.backward() }
            return program.parameters.map(\.grad)
          }
          if !agrees { return XCTFail(program.description) }
        }
      }
    }
  }

  func testSecondDerivativesAgree() throws {
    for seed in 30000..<30000 + UInt64(programs) {
      try Tape.scope {
        let program = CompiledRandomProgram(seed: seed, steps: 3 + Int(seed % 30))
        // Its own operations have rules for first derivatives only.
        if program.description.contains("pair") || program.description.contains("custom") { return }
        let samples = CompiledRandomTests.samples(5, seed: seed)
        let f = try compile(at: samples[0]) { x in program(x) }
        let all = try f.hessians(at: samples)
        for (s, x) in samples.rows.enumerated() {
          let (value, gradient, hessian) = try f.valueWithHessian(at: x)
          var (slopes, product): ([Double], [Double]) = ([], [])
          let alone = try f.valueWithGradient(at: x, along: direction, into: &slopes, hessianProduct: &product)
          let agree = [
            check(all[s], "Hessian of many", seed, at: x) { x, reading in
              Micrograd.hessian(at: x) { program($0, reading: reading) }.flatMap(\.self)
            },
            check([value] + gradient + hessian.flatMap(\.self), "Hessian", seed, at: x) { x, reading in
              let h = Micrograd.valueWithHessian(at: x) { program($0, reading: reading) }
              return [h.value] + h.gradient + h.hessian.flatMap(\.self)
            },
            check(
              try f.sparseHessian(at: x, pattern: .banded(3, bandwidth: 2)).dense.flatMap(\.self), "sparse Hessian",
              seed,
              at: x
            ) { x, reading in Micrograd.hessian(at: x) { program($0, reading: reading) }.flatMap(\.self) },
            check([alone] + slopes + product, "H v", seed, at: x) { [direction] x, reading in
              let g = Micrograd.valueWithGradient(at: x) { program($0, reading: reading) }
              return [g.value] + g.gradient
                + Micrograd.hessianVectorProduct(at: x, along: direction) { program($0, reading: reading) }
            },
          ]
          if agree.contains(false) { return XCTFail(program.description) }
        }
      }
    }
  }
}
