import Foundation
import Micrograd
import MicrogradVisual
import XCTest

final class BackwardStepsPictureTests: XCTestCase {
  private func lecture() -> BackwardSteps {
    Tape.scope {
      let a = Value(2), b = Value(-3), c = Value(10), f = Value(-2)
      let e = a * b, d = e + c
      return BackwardSteps(of: d * f, labels: ["a": a, "b": b, "c": c, "d": d, "e": e, "f": f])
    }
  }

  func testAPictureShowsTheRuleTheLocalDerivativesAndTheGradientsSoFar() throws {
    let svg = try SVGDocument(lecture().svg(at: 0))
    XCTAssertTrue(svg.texts.contains("Step 1 of 3. #6 = d * f: #6.grad is 1"), "\(svg.texts)")
    XCTAssertTrue(svg.texts.contains("  d.grad: 0 + 1 · −2 = −2   d(d * f)/dd = f"), "\(svg.texts)")
    XCTAssertEqual(svg.elements(named: "text", inClass: "label").map(\.text).sorted(), ["× 4", "× −2"])
    XCTAssertEqual(svg.texts.count { $0 == "-2.0000" }, 2, "f's data and d's gradient")
    XCTAssertEqual(svg.texts.count { $0 == "0.0000" }, 4, "a, b, c and e have no gradient yet")
  }

  func testNodesKeepTheirPlaces() throws {
    let steps = lecture()
    let places = try steps.indices.map { step in
      try SVGDocument(steps.svg(at: step)).elements(named: "rect").map {
        ($0.attributes["x"] ?? "") + "," + ($0.attributes["y"] ?? "")
      }
    }
    XCTAssertEqual(places[0], places[1])
    XCTAssertEqual(places[1], places[2])
  }

  func testBothEdgesOfASquareCarryTheirDerivative() throws {
    let steps = Tape.scope {
      let x = Value(3)
      return BackwardSteps(of: x * x, labels: ["x": x])
    }
    XCTAssertEqual(
      try SVGDocument(steps.svg(at: 0)).elements(named: "text", inClass: "label").map(\.text), ["× 3", "× 3"])
  }

  func testAllPicturesAreWrittenInOrder() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("steps-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let steps = Tape.scope { BackwardSteps(of: (0..<10).reduce(Value(1)) { y, _ in exp(-y) }) }
    let paths = try BackwardStepsPicture(steps).write(to: folder)
    XCTAssertEqual(paths.count, 20)
    XCTAssertEqual(paths.first, "\(folder)/step-01.svg")
    XCTAssertEqual(paths, paths.sorted())
    for path in paths { _ = try SVGDocument(String(contentsOfFile: path, encoding: .utf8)) }
  }

  func testAStepOfManyOperandsAndOneOfAFoldedNodeAreValid() throws {
    let steps = Tape.scope { BackwardSteps(of: exp(sum((0..<500).map { Value(0.01 * Double($0)) }))) }
    let picture = BackwardStepsPicture(steps, limit: 100)
    let texts = try SVGDocument(picture.svg(at: 1)).texts
    XCTAssertTrue(texts.contains("  … 492 more operands"), "\(texts.suffix(5))")
  }
}
