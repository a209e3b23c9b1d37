import XCTest

@testable import MicrogradNN

final class ElementTypeTests: XCTestCase {
  #if !(os(macOS) && arch(x86_64))
    func testEveryHalfIsTheNumberThatTheProcessorMakesOfIt() {
      for word in UInt16.min ... .max {
        let expected = Double(Float16(bitPattern: word))
        let found = ElementType.number(fromHalf: word)
        if expected.isNaN { XCTAssertTrue(found.isNaN) } else { XCTAssertEqual(found.bitPattern, expected.bitPattern) }
      }
    }
  #endif

  func testNumbersAreReadWhereverTheyLie() {
    for offset in 0..<8 {
      let bytes =
        [UInt8](repeating: 0, count: offset) + withUnsafeBytes(of: (-2.5).bitPattern.littleEndian) { Array($0) }
      bytes.withUnsafeBytes { bytes in
        let place = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        XCTAssertEqual(ElementType.f64.numbers(in: place), [-2.5])
      }
    }
  }
}
