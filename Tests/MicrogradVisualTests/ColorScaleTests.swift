import MicrogradVisual
import XCTest

final class ColorScaleTests: XCTestCase {
  private let scale = ColorScale(limit: 2)

  func testExamplesOfTheDocumentation() {
    XCTAssertEqual(scale.color(at: 0), scale.neutral)
    XCTAssertEqual(scale.color(at: 5), scale.positive)
    XCTAssertEqual(scale.color(at: -2).hex, "#4f8ccb")
    XCTAssertEqual(ColorScale.Color(0xFF8000).green, 128)
    XCTAssertEqual(ColorScale.Color(0xFF8000).hex, "#ff8000")
  }

  func testScoresBeyondTheLimitHaveTheStrongestColors() {
    XCTAssertEqual(scale.color(at: .infinity), scale.positive)
    XCTAssertEqual(scale.color(at: -.infinity), scale.negative)
  }

  func testColorsDarkenOnBothSidesOfZero() {
    let lightness = { (score: Double) in
      let color = self.scale.color(at: score)
      return 0.2126 * Double(color.red) + 0.7152 * Double(color.green) + 0.0722 * Double(color.blue)
    }
    for score in stride(from: 0.0, to: 2, by: 0.1) {
      XCTAssertGreaterThan(lightness(score), lightness(score + 0.1))
      XCTAssertGreaterThan(lightness(-score), lightness(-score - 0.1))
    }
  }

  func testNaNHasAColorThatNoScoreHas() {
    let grey = scale.color(at: .nan)
    XCTAssertFalse(stride(from: -2, through: 2, by: 0.01).contains { scale.color(at: $0) == grey })
  }

  // 50 % between black and white has Oklab lightness 0.5: linear light 0.125, which sRGB encodes as 99.
  func testMixingIsPerceptual() {
    XCTAssertEqual(ColorScale.Color(0x000000).mixed(with: .init(0xFFFFFF), amount: 0.5), .init(0x636363))
  }

  func testAnInvalidLimitCountsAsOne() {
    for limit in [0, -3, .nan, .infinity] { XCTAssertEqual(ColorScale(limit: limit).limit, 1) }
  }
}
