import Micrograd
import MicrogradOptimization
import XCTest

final class MinimizeTests: XCTestCase {
  func testRosenbrocksValleyEndsAtOneOne() throws {
    for method in MinimizationMethod.allCases {
      let minimum = try minimize(rosenbrock, from: [-1.2, 1], method: method)
      print(method, minimum)
      XCTAssertEqual(minimum.position[0], 1, accuracy: 1e-8)
      XCTAssertEqual(minimum.position[1], 1, accuracy: 1e-8)
      XCTAssertTrue(minimum.isConverged)
    }
  }

  func rosenbrock(_ x: [Value]) -> Value {
    (1..<x.count).map { (1 - x[$0 - 1]).squared() + 100 * (x[$0] - x[$0 - 1].squared()).squared() }.sum()
  }
}
