import Foundation
import Micrograd
import XCTest

final class TapeTests: XCTestCase {
  // MARK: - Scopes

  func testScopesReclaimTheirNodes() {
    let before = Tape.current.nodeCount
    Tape.scope {
      _ = Value(1) + Value(2)
      XCTAssertEqual(Tape.current.nodeCount, before + 3)
      Tape.scope { _ = Value(3) }
      XCTAssertEqual(Tape.current.nodeCount, before + 3)
    }
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  func testValuesOfOuterScopesAreUsedInside() {
    Tape.scope {
      let x = Value(3)
      let square = x * x
      Tape.scope {
        let cube = square * x
        cube.backward()
        XCTAssertEqual(cube.data, 27)
      }
      XCTAssertEqual(x.grad, 27)
      let fourth = square * square
      fourth.backward()
      XCTAssertEqual(x.grad, 27 + 108)
    }
  }

  func testScopesReturnAndRethrow() {
    struct Stop: Error {}
    let before = Tape.current.nodeCount
    XCTAssertEqual(Tape.scope { (Value(2) * 3).data }, 6)
    XCTAssertThrowsError(
      try Tape.scope {
        _ = Value(1)
        throw Stop()
      })
    XCTAssertEqual(Tape.current.nodeCount, before)
  }

  func testScopesNestDeeply() {
    func sum(_ depth: Int, _ x: Value) -> Double {
      depth == 0 ? x.data : Tape.scope { sum(depth - 1, x + 1) }
    }
    XCTAssertEqual(Tape.scope { sum(500, Value(0)) }, 500)
  }

  func testAHundredThousandStepsOfTrainingTakeConstantMemory() {
    let weights = Parameters([0.1, -0.2, 0.3])
    func step() {
      Tape.scope {
        var loss = Value(0), x = Value(0.5)
        for w in weights {
          loss += (w * x - 1) ** 2
          x *= -2
        }
        weights.zeroGradients()
        loss.backward()
        for w in weights { w.data -= 0.01 * w.grad }
      }
    }
    for _ in 0..<1000 { step() }
    let nodes = Tape.current.nodeCount, bytes = Tape.current.usedBytes, resident = residentBytes()
    for _ in 0..<100_000 { step() }
    XCTAssertEqual(Tape.current.nodeCount, nodes)
    XCTAssertEqual(Tape.current.usedBytes, bytes)
    XCTAssertLessThan(residentBytes() - resident, 4 << 20)
    zip(weights.data, [2, -1, 0.5]).forEach { XCTAssertEqual($0, $1, accuracy: 1e-9) }
  }

  /// What the process holds in memory; 0 where the system does not tell by this file, and under the address sanitizer,
  /// which keeps freed blocks aside.
  private func residentBytes() -> Int {
    if dlsym(dlopen(nil, RTLD_NOW), "__asan_init") != nil { return 0 }
    guard let file = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return Int(file.split(separator: " ")[1])! * Int(getpagesize())
  }

  // MARK: - Several tapes

  func testUseMakesATapeCurrentForAWhile() {
    let outer = Tape.current, tape = Tape()
    XCTAssertNotEqual(outer, tape)
    tape.use {
      XCTAssertEqual(Tape.current, tape)
      outer.use { XCTAssertEqual(Tape.current, outer) }
      tape.use { XCTAssertEqual(Tape.current, tape) }
      XCTAssertEqual(Tape.current, tape)
    }
    XCTAssertEqual(Tape.current, outer)
  }

  func testTwoTapesKeepToThemselves() {
    let first = Tape(), second = Tape()
    let x = first.use { Value(3) }
    let y = second.use { Value(4) }
    // Operators record on their operands' tape, whichever is current.
    let squares = (x * x, y * y)
    squares.0.backward()
    XCTAssertEqual([x.grad, y.grad], [6, 0])
    XCTAssertEqual([x.tape, squares.1.tape], [first, second])
    XCTAssertEqual([first.nodeCount, second.nodeCount], [2, 2])
  }

  func testUseRethrowsAndLeaves() {
    struct Stop: Error {}
    let outer = Tape.current
    XCTAssertThrowsError(try Tape().use { throw Stop() })
    XCTAssertEqual(Tape.current, outer)
  }

  func testATapeHasScopesOfItsOwn() {
    let tape = Tape()
    let data = tape.scope {
      XCTAssertEqual(Tape.current, tape)
      return (Value(2) + 1).data
    }
    XCTAssertEqual(data, 3)
    XCTAssertEqual(tape.nodeCount, 0)
  }

  func testThreadsHaveTapesOfTheirOwn() async {
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          Tape.scope {
            let x = Value(3)
            (x * x).backward()
            return x.grad == 6
          }
        }
      }
      for await isRight in group { XCTAssertTrue(isRight) }
    }
  }

  func testResetForgetsNodesAndKeepsParameters() {
    let tape = Tape()
    tape.use {
      let weights = Parameters([5])
      (weights[0] * Value(2)).backward()
      tape.reset()
      XCTAssertEqual(tape.nodeCount, 0)
      XCTAssertEqual(tape.parameterCount, 1)
      XCTAssertEqual([weights[0].data, weights[0].grad], [5, 2])
      let x = Value(3)
      XCTAssertEqual([x.index.map(Double.init), x.grad], [0, 0])
    }
  }

  func testReleasedParametersAreGivenBack() {
    let tape = Tape()
    tape.use {
      for _ in 0..<100 {
        let again = Parameters([7, 8])
        withExtendedLifetime(again) { XCTAssertEqual(again.map(\.index), [-2, -1]) }
      }
      XCTAssertEqual(tape.parameterCount, 0)
    }
  }

  /// Parameters that were made in a scope and released while nodes of an outer scope still name them.
  func testSlotsOfReleasedParametersAreNotReusedWhileNodesNameThem() {
    let tape = Tape()
    tape.use {
      var weights: Parameters? = Tape.scope {
        _ = (Value(1), Value(2), Value(3))
        return Parameters([5])
      }
      let y = weights![0] * Value(2)
      weights = nil
      let later = Parameters([7])
      y.backward()
      XCTAssertEqual(later.gradients, [0])
    }
  }

  // MARK: - Without gradients

  func testNothingIsRecordedWithoutGradients() {
    Tape.scope {
      let x = Value(3)
      let before = Tape.current.nodeCount
      let y = withoutGradients {
        [x * x, x + 1, -x, x ** 0, sum([x, x]), dot([x], [x]), Value(7), x.relu()]
      }
      XCTAssertTrue(y.allSatisfy(\.isConstant))
      XCTAssertEqual(y.map(\.data), [9, 4, -3, 1, 6, 9, 7, 3])
      XCTAssertEqual(Tape.current.nodeCount, before)
      XCTAssertFalse((x + y[0]).isConstant)
    }
  }

  func testWithoutGradientsNestsAndRethrows() {
    struct Stop: Error {}
    Tape.scope {
      withoutGradients {
        do { try withoutGradients { throw Stop() } } catch {}
        XCTAssertTrue(Value(1).isConstant)
      }
      XCTAssertFalse(Value(1).isConstant)
    }
  }

  func testWithoutGradientsReachesIntoTapesUsedInside() {
    let tape = Tape()
    withoutGradients {
      XCTAssertTrue(tape.use { Value(1) }.isConstant)
      XCTAssertTrue(tape.use { tape.use { Value(1) } }.isConstant)
    }
    XCTAssertFalse(tape.use { Value(1) }.isConstant)
  }

  func testDerivativesDoNotFlowThroughDetached() {
    Tape.scope {
      let x = Value(3)
      let y = x * x.detached
      y.backward()
      XCTAssertEqual(y.data, 9)
      XCTAssertEqual(x.grad, 3)
    }
  }

  // MARK: - What a node costs

  func testANodeTakes24Bytes() {
    let tape = Tape()
    tape.use {
      let x = Value(1)
      for _ in 0..<999 { _ = x + x }
      XCTAssertEqual(tape.usedBytes, 24_000)
    }
  }

  func testConstantsTakeNoNodes() {
    Tape.scope {
      let x = Value(3), limit = 2.5
      let before = Tape.current.nodeCount
      _ = 2 * x
      XCTAssertEqual(Tape.current.nodeCount, before + 1)
      XCTAssertTrue(x > limit)
      XCTAssertTrue(x != limit)
      XCTAssertFalse(limit > x)
      XCTAssertTrue(Value.constant(1).isConstant && Value.zero.isConstant)
      XCTAssertEqual(Tape.current.nodeCount, before + 1)
    }
  }

  func testComparingWithLiteralsTakesNoNodes() {
    Tape.scope {
      let x = Value(3)
      let before = Tape.current.nodeCount
      for isTrue in [x > 2, x >= 3, x < 4, x <= 3, 2 < x] { XCTAssertTrue(isTrue) }
      XCTAssertEqual(Tape.current.nodeCount, before, "of an order")
      let isThree = x == 3
      XCTAssertTrue(isThree)
      XCTAssertEqual(Tape.current.nodeCount, before, "of an equality")
    }
  }

  func testReservingKeepsValues() {
    let tape = Tape()
    tape.use {
      let x = Value(3), y = x * x
      y.backward()
      tape.reserve(1_000_000)
      XCTAssertEqual([x.data, x.grad, y.data, y.grad], [3, 6, 9, 1])
      XCTAssertEqual(tape.nodeCount, 2)
    }
  }
}
