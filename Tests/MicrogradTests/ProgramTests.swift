import Foundation
import Micrograd
import XCTest

/// A thousand random programs: every way to a derivative arrives at PyTorch's.
final class ProgramTests: XCTestCase {
  private let fixture = ProgramsFixture.shared

  func testThereAreAThousandProgramsOfAllSizes() {
    XCTAssertEqual(fixture.programs.count, 1000)
    let sizes = fixture.programs.map(\.steps.count)
    XCTAssertLessThan(sizes.min()!, 8)
    XCTAssertGreaterThan(sizes.max()!, 150)
    let used = Set(fixture.programs.flatMap { $0.steps.map { Int($0[0]) } })
    XCTAssertEqual(used.count, fixture.operations.count, "every operation is used")
  }

  func testValuesGradientsAndHessianVectorProductsArePyTorchs() {
    for program in fixture.programs {
      withDerivatives(at: program.x, of: { x in fixture.run(program, x) }) { f in
        check([f.value], [program.value], program, "value")
        check(f.gradient, program.gradient, program, "gradient")
        let along = f.jacobianVectorProduct(along: program.v)
        check(along, [dot(program.v, program.gradient)], program, "tangent", scale: program.gradient)
        check(f.hessianVectorProduct(along: program.v), program.product, program, "product")
      }
    }
  }

  func testGradientsInGradArePyTorchsForLeavesAndParameters() {
    for program in fixture.programs {
      Tape.scope {
        let half = program.x.count / 2
        let parameters = Parameters(Array(program.x.prefix(half)))
        let inputs = parameters + program.x.dropFirst(half).map { Value($0) }
        fixture.run(program, inputs).backward()
        check(inputs.map(\.grad), program.gradient, program, "grad")
      }
    }
  }

  /// The gradient is recorded, and differentiated along the direction by a tangent sweep and by a reverse one.
  func testRecordedReverseSweepsAreDifferentiatedToPyTorchsProducts() {
    for program in fixture.programs {
      withDerivatives(at: program.x, of: { x in gradient(at: x) { fixture.run(program, $0) } }) { f in
        check(f.values, program.gradient, program, "recorded gradient")
        check(f.jacobianVectorProduct(along: program.v), program.product, program, "forward over recorded reverse")
        check(f.vectorJacobianProduct(along: program.v), program.product, program, "reverse over recorded reverse")
      }
    }
  }

  /// The derivative along the direction is recorded, and differentiated by a reverse sweep.
  func testRecordedTangentSweepsAreDifferentiatedToPyTorchsProducts() {
    for program in fixture.programs {
      let direction = program.v.map { Value.constant($0) }
      let function = { (x: [Value]) in
        directionalDerivative(at: x, along: direction) { self.fixture.run(program, $0) }
      }
      withDerivatives(at: program.x, of: function) { f in
        check(
          f.values, [dot(program.v, program.gradient)], program, "recorded tangent", scale: program.gradient)
        check(f.gradient, program.product, program, "reverse over recorded forward")
        check(
          f.jacobianVectorProduct(along: program.v), [dot(program.v, program.product)], program,
          "forward over recorded forward", scale: program.product)
      }
    }
  }

  /// As with PyTorch's `create_graph`: the second sweep goes through the first, and `grad` adds up.
  func testBackwardCreatingAGraphIsDifferentiatedToPyTorchsProducts() {
    for program in fixture.programs {
      Tape.scope {
        let half = program.x.count / 2
        let parameters = Parameters(Array(program.x.prefix(half)))
        let inputs = parameters + program.x.dropFirst(half).map { Value($0) }
        let gradients = fixture.run(program, inputs).backward(creatingGraph: true)
        check(inputs.map { gradients[$0].data }, program.gradient, program, "gradients as Values")
        check(inputs.map(\.grad), program.gradient, program, "grad after creating a graph")
        let slope = Micrograd.dot(program.v, inputs.map { gradients[$0] })
        for input in inputs { input.grad = 0 }
        if !slope.isConstant { slope.backward() }
        check(inputs.map(\.grad), program.product, program, "backward of the gradients")
      }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Ten digits of the largest number.
  private func check(
    _ actual: [Double], _ expected: [Double], _ program: ProgramsFixture.Program, _ what: String, scale: [Double] = [],
    line: UInt = #line
  ) {
    XCTAssertEqual(actual.count, expected.count, line: line)
    let largest = (expected + scale).reduce(0) { Swift.max($0, Swift.abs($1)) }
    for (a, b) in zip(actual, expected) where !(Swift.abs(a - b) <= 1e-10 * largest) {
      XCTFail("\(what) is \(actual), not \(expected), of the program with seed \(program.seed)", line: line)
      return
    }
  }
}
